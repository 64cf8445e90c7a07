"""What a voter is told of a ballot: that it stands and counts, or why not."""

from portal.core import formats
from portal.core.language import _
from portal.polls import box, changes
from portal.polls.ballots import Outcome, Sent
from portal.polls.box import Notice
from portal.polls.models import Poll
from portal.polls.receipts import Receipt


def of_ballot(poll: Poll, receipt: Receipt, *, is_new: bool, is_unchanged: bool = False) -> Notice:
    """Return what is said of a ballot that stands: `is_new` where it was just stored, `is_unchanged` where a change was not."""
    if is_unchanged and poll.may_change:
        return Notice("warn", _("Your vote was changed elsewhere meanwhile. What stands is marked; this change was not stored."))
    if is_unchanged:
        return Notice("warn", _("Votes in this poll can no longer be changed. Your former choice stands."))
    if receipt.status == "annulled":
        return Notice("bad", _("Your vote is not counted: it looks automated."))
    if receipt.status == "set_aside":
        return Notice("info", _("Your vote was received and is being checked."))
    if is_new:
        return Notice("ok", _("Your vote is recorded."))
    return Notice("info", _("This browser voted at %(moment)s.", moment=formats.moment(receipt.cast_at)))


def of_refusal(outcome: Outcome, poll: Poll, sent: Sent) -> tuple[int, Notice]:
    """Return an answer's status, and why a ballot was not stored."""
    if outcome is Outcome.CHANGED:
        return 409, Notice("warn", changes.since(poll, sent.version))
    if outcome is Outcome.CLOSED and sent.changes is not None:
        return 409, Notice("info", _("The poll has closed; your former choice stands. Below is the final result."))
    if outcome is Outcome.CLOSED:
        return 409, Notice("info", _("The poll has closed; this vote was not counted. Below is the final result."))
    if outcome is Outcome.NOT_OPEN:
        return 409, Notice("info", _("The poll is not open yet."))
    return 422, Notice("bad", box.hint(poll) if sent.choice_ids else _("You have not chosen anything."))
