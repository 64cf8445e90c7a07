"""What the head of an official document proposes for its fields."""

from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Proposals:
    """What the first page of a document says of it, as it is written; "" where it says nothing."""

    symbol: str = ""
    issuer: str = ""
    day: str = ""
    """ISO, where there is such a day."""
    written_day: str = ""
    kind: str = ""
    signer: str = ""
    subject: str = ""
    """What a letter is about ("V/v …")."""
    other: str = ""
    """What else stood in the head and is no field: the body above, "DỰ THẢO", a number that is not filled in."""

    def told(self) -> dict[str, str]:
        """Return what there is."""
        return {name: said for name, said in asdict(self).items() if said}
