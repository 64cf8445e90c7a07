"""Addresses of lines that readers find: made of the title where none is typed, and never one that leads elsewhere."""

from collections.abc import Callable, Iterator, Mapping

from portal.core.language import _
from portal.core.text import slug
from portal.settings.groups import ROWS, Fault, Values


def address_of(value: Values, title: str) -> str:
    """Return a line's address: what was typed, or what its title makes."""
    return str(value["slug"] or slug(value[title]))


def check(
    values: Values, title: str, present: Mapping[str, tuple[int, str]], led_from: Callable[[str], tuple[int, str] | None]
) -> Iterator[Fault]:
    """Yield a fault for each line whose address is none, is another's, or leads to another.

    `present` are the addresses that stand, each with its row's id and title; `led_from` tells the same of a former one.
    """
    taken = dict[str, str]()
    for place, row in enumerate(values[ROWS]):
        address = address_of(row, title)
        owner = present.get(address) or led_from(address)
        if not address:
            yield Fault(_("The title has no letter for an address. Type one of letters a to z and figures."), "slug", place)
        elif address in taken:
            yield Fault(_("“%(title)s” has this address too. Choose another one.", title=taken[address]), "slug", place)
        elif owner is not None and owner[0] != row["id"]:
            is_present = address in present
            said = _("This address is that of “%(title)s”. Choose another one.", title=owner[1])
            once = _("This address once was that of “%(title)s”, and leads there. Choose another one.", title=owner[1])
            yield Fault(said if is_present else once, "slug", place)
        taken.setdefault(address, row[title])
