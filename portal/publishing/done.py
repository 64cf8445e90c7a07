"""What is said of a step that was taken, on the page to which it leads: by a word in its address."""

from portal.core import formats
from portal.core.language import _
from portal.publishing.choices import SLUGS
from portal.publishing.models import Piece
from portal.publishing.rules import Step

RESTORED = "khoi-phuc"


def sentence(word: str, piece: Piece | None = None) -> str:
    """Return what a word says ("gui-duyet" of `?xong=gui-duyet`), "" for one that nothing is called by."""
    if word == SLUGS[Step.SCHEDULE] and piece is not None and piece.publish_at is not None:
        return _("Scheduled: it appears by itself at %(moment)s.", moment=formats.moment(piece.publish_at))
    words = {
        Step.SUBMIT: _("Sent to review."),
        Step.PUBLISH: _("Published. Everybody sees it now."),
        Step.APPROVE: _("Approved. It is not published yet."),
        Step.SCHEDULE: _("Scheduled."),
        Step.RETURN: _("Returned to its author."),
        Step.CONFIRM: _("Confirmed."),
        Step.PUT_BACK: _("Published again."),
        Step.RECALL: _("Recalled. It is a draft again."),
        Step.PUBLISH_URGENTLY: _("Published. A second person has been asked to confirm it within 24 hours."),
        Step.DISCARD: _("The changes were given up. They stay in the history."),
        Step.TAKE_DOWN: _("Taken down. Nobody outside sees it any more."),
    }
    said = {SLUGS[step]: text for step, text in words.items()} | {
        RESTORED: _("Restored. What stood there before stays in the history.")
    }
    return said.get(word, "")
