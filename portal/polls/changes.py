"""What has changed in a poll since a voter's page was made, in a sentence."""

from portal.core.db import db
from portal.core.language import _
from portal.polls.models import Poll, PollVersion, Wording


def since(poll: Poll, version: int) -> str:
    """Return a sentence that tells what is new since a version; without details where that version is unknown."""
    seen = db.session.get(PollVersion, (poll.id, version))
    told = _differences(seen.wording, poll.wording()) if seen else []
    kept = _("Your choice is kept; check it, then press Vote.")
    if not told:
        return _("The poll has just been changed.") + " " + kept
    return _("The poll has just been changed: %(changes)s.", changes="; ".join(told)) + " " + kept


def _differences(old: Wording, new: Wording) -> list[str]:
    before, after = old["choices"], new["choices"]
    told = [
        _("“%(old)s” is now “%(new)s”", old=before[key], new=after[key])
        for key in after
        if key in before and before[key] != after[key]
    ]
    told += [_("“%(label)s” was added", label=after[key]) for key in after if key not in before]
    told += [_("“%(label)s” was removed", label=before[key]) for key in before if key not in after]
    if old["question"] != new["question"]:
        told.append(_("the question is worded anew"))
    return told
