"""The first administrator of a site that has nobody: made on the command line, or at the set-up link that the server prints."""

from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import changing, links
from portal.accounts.changing import Details
from portal.audit import vocabulary
from portal.core.db import write


def make(key: str, new: Details, password_hash: str) -> bool:
    """Add the first administrator; False where the set-up link counts no longer. Of two at once one is made."""

    def store(session: Session) -> bool:
        if not links.take_set_up(session, key):
            return False
        made = changing.add(session, new, actor=audit.NOBODY, password_hash=password_hash)
        audit.record(session, vocabulary.FIRST_ADMINISTRATOR, actor=audit.NOBODY, thing=f"user:{made}", way="setup_link")
        return True

    return write(store)
