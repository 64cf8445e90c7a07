"""The names of people, as Vietnamese lists put them in order. Pure functions."""

from portal.core.text import words


def sorting_key(name: str) -> str:
    """Return the folded words of a name, the given name first: "Trần Thị Bé" is "be tran thi", and stands under B."""
    folded = words(name)
    return " ".join(folded[-1:] + folded[:-1])
