"""What is said with a step to everybody, looked through for numbers that may be somebody's own (`core.personal`)."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.core.personal import Found, found
from portal.publishing.acts import Given
from portal.publishing.kinds import Concern
from portal.publishing.rules import Step

KINDS = {
    "citizen": _l("Citizen number"),
    "identity_card": _l("Identity card number"),
    "telephone": _l("Telephone number"),
    "account": _l("Bank account"),
    "tax": _l("Tax code of a person"),
}
FIELDS: Mapping[Step, str] = {
    Step.PUBLISH: "note",
    Step.SCHEDULE: "note",
    Step.PUBLISH_URGENTLY: "note",
    Step.TAKE_DOWN: "remark",
}
"""Which of what is given everybody reads, by the step."""


def concern(one: Found, where: str) -> Concern:
    """Return a number that was found as people are told of it."""
    return Concern(f"{KINDS[one.kind]}: {one.text}", where)


def concerns(text: str, where: str) -> list[Concern]:
    """Return what may be personal data in a sentence that everybody will read."""
    return [concern(one, where) for one in found(text)]


def needs_reason(step: Step, given: Given) -> bool:
    """Tell whether a step would say what may be personal data to everybody, and nobody has said why."""
    said = getattr(given, FIELDS[step]) if step in FIELDS else None
    return not given.concern_reason and bool(found(said or ""))
