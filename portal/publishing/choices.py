"""Which steps whoever asks may take with a piece, as buttons."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from portal.core.staff import may
from portal.publishing.models import Piece
from portal.publishing.rules import Step, permission_for, possible


@dataclass(frozen=True, slots=True)
class Choice:
    """A step as a button: `slug` is its part of the address, `weight` "primary", "secondary" or "danger"."""

    step: Step
    slug: str
    label: str
    weight: str


SLUGS = {
    Step.SUBMIT: "gui-duyet",
    Step.PUBLISH: "dang",
    Step.APPROVE: "duyet",
    Step.SCHEDULE: "hen-gio",
    Step.RETURN: "tra-lai",
    Step.CONFIRM: "duyet-sau",
    Step.PUT_BACK: "dang-lai",
    Step.RECALL: "rut-lai",
    Step.PUBLISH_URGENTLY: "dang-khan",
    Step.DISCARD: "bo-thay-doi",
    Step.TAKE_DOWN: "go",
}
"""In the order in which buttons stand: what is done mostly comes first."""

LABELS = {
    Step.SUBMIT: _l("Submit for review"),
    Step.PUBLISH: _l("Approve and publish"),
    Step.APPROVE: _l("Approve"),
    Step.SCHEDULE: _l("Schedule"),
    Step.RETURN: _l("Return"),
    Step.CONFIRM: _l("Confirm the urgent publication"),
    Step.PUT_BACK: _l("Republish"),
    Step.RECALL: _l("Recall"),
    Step.PUBLISH_URGENTLY: _l("Publish now, review later"),
    Step.DISCARD: _l("Give up the changes"),
    Step.TAKE_DOWN: _l("Take down"),
}
EXPLAINED = {
    Step.SUBMIT: _l(
        "Whoever approves finds the text among what waits for them. Until it is returned or recalled, only editors change it."
    ),
    Step.PUBLISH: _l("The text stands before the public at once, as you have just seen it."),
    Step.APPROVE: _l(
        "The text is approved as it stands and is changed no more. It is published or scheduled in a step of its own."
    ),
    Step.SCHEDULE: _l(
        "The text is approved as it stands and appears by itself at its minute. Before that nobody outside sees it."
    ),
    Step.RETURN: _l("The text goes back to its author, who finds your remark above it."),
    Step.CONFIRM: _l("You confirm what was published before its review. Nothing changes for the public."),
    Step.PUT_BACK: _l("The public sees the article again, as it was when it was taken down."),
    Step.RECALL: _l("The text is a draft again. What was scheduled does not appear."),
    Step.PUBLISH_URGENTLY: _l(
        "The text stands before the public at once. A second person is asked to confirm it within 24 hours."
    ),
    Step.DISCARD: _l("The text is again as it was last published. What you give up stays in the history."),
    Step.TAKE_DOWN: _l(
        "The article disappears from all pages. Whoever asks for it reads your reason; all preview links of it end."
    ),
}
"""What a step does, in a sentence or two for whoever is about to take it."""

PRIMARY = {Step.SUBMIT, Step.PUBLISH, Step.CONFIRM, Step.PUT_BACK}
DANGER = {Step.TAKE_DOWN, Step.DISCARD, Step.PUBLISH_URGENTLY}


def offered(piece: Piece) -> list[Choice]:
    """Return the steps that a piece's state and the permissions of whoever asks allow, in the order of their buttons."""
    allowed = {step for step in possible(piece) if may(permission_for(step, piece), piece)}
    return [Choice(step, slug, str(LABELS[step]), weight(step)) for step, slug in SLUGS.items() if step in allowed]


def weight(step: Step) -> str:
    """Return how a step's button looks: "primary", "secondary" or "danger"."""
    return "primary" if step in PRIMARY else "danger" if step in DANGER else "secondary"
