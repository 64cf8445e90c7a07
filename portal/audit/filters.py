"""What somebody looks for in the audit: read from an address or a form, with a sentence for what cannot be read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.audit import vocabulary
from portal.audit.listing import Filters
from portal.audit.models import SITE, Entry
from portal.core.db import db
from portal.core.language import _
from portal.core.web import LARGEST_ID

MOST_PEOPLE = 500
NAMES = ("viec", "nguoi", "vao", "tu", "den")
"""Of the fields: action, person, thing, from and to; an address that carries them can be sent to a colleague."""

LONGEST = 60
DAY = re.compile(r"(?:([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}))", re.ASCII)

GROUPS: Mapping[Any, tuple[str, ...]] = {
    _l("Signing in"): ("sign_in", "sign_in_refused", "sign_out", "braked", "session_ended", "access_refused"),
    _l("Own account"): (
        *("password_changed", "second_factor_set_up", "second_factor_removed"),
        *("recovery_code_used", "recovery_codes_made"),
        *("passkey_added", "passkey_removed", "device_trusted", "device_forgotten"),
    ),
    _l("People and units"): (
        *("user_created", "user_changed", "user_disabled", "user_enabled", "unit_created", "unit_changed"),
        *("reset_link_made", "reset_link_used", "first_administrator"),
    ),
    _l("Articles"): (
        *(
            "piece_begun",
            "piece_import",
            "piece_submit",
            "piece_recall",
            "piece_return",
            "piece_approve",
            "piece_publish",
            "piece_schedule",
        ),
        *("piece_appear", "piece_publish_urgently", "piece_confirm", "piece_take_down", "piece_put_back", "piece_discard"),
        *("piece_restored", "piece_moved", "piece_filed", "piece_pinned", "preview_link_made", "preview_link_revoked"),
        *("attachments_changed", "file_described"),
    ),
    _l("Polls"): (
        *("poll_create", "poll_changed", "poll_publish", "poll_withdraw"),
        *("poll_close", "poll_copied", "poll_archive", "poll_delete"),
        *("poll_group_annulled", "poll_group_restored", "poll_exported", "poll_listed"),
    ),
    _l("Site"): ("setting_changed", "site_pictures_changed", "deadline_set"),
    _l("Audit log"): ("chain_verified", "audit_exported"),
    _l("Backups"): ("backup_made", "backup_failed", "backup_restored"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: as it was typed, as filters, and what is wrong, by field."""

    typed: dict[str, str]
    filters: Filters = field(default_factory=Filters)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, str]:
        """Return the fields that say anything, as an address or a form carries them on."""
        return {name: value for name, value in self.typed.items() if value}


def asked(read: Callable[..., str]) -> Asked:
    """Read the filters with `query_value` or `form_value`. Aborts with 400 where a list's value is none of the list."""
    typed = {name: read(name, longest=LONGEST).strip() for name in NAMES}
    wrong: dict[str, str] = {}
    since, until = (_day(typed[name], name, wrong) for name in ("tu", "den"))
    if since and until and until < since:
        wrong["den"] = _("The last day is before the first.")
    if typed["vao"] and not _is_thing(typed["vao"]):
        wrong["vao"] = _("Write it as in the list, for example user:12.")
    action, actor = typed["viec"] or None, _actor(typed["nguoi"])
    if action is not None and action not in vocabulary.ALL:
        abort(400)
    return Asked(typed, Filters(action, actor, typed["vao"] or None, since, until), wrong)


def choices() -> dict[str, list[tuple[str, str]]]:
    """Return the actions by group, each with its name and its sentence."""
    return {str(group): [(name, str(vocabulary.ALL[name].sentence)) for name in names] for group, names in GROUPS.items()}


def people() -> list[tuple[int, str]]:
    """Return who has ever done anything, each under the newest name: one step along an index for each person."""
    here = Entry.site_id == SITE
    first = select(func.min(Entry.actor_id).label("id")).where(here).cte("people", recursive=True)
    following = select(func.min(Entry.actor_id)).where(here, Entry.actor_id > first.c.id).correlate(first).scalar_subquery()
    ids = first.union_all(select(following).where(first.c.id.is_not(None)))
    newest = select(Entry.actor_name).where(here, Entry.actor_id == ids.c.id).order_by(Entry.at.desc(), Entry.id.desc()).limit(1)
    found = select(ids.c.id, newest.correlate(ids).scalar_subquery()).where(ids.c.id.is_not(None)).limit(MOST_PEOPLE)
    return sorted(((number, name) for number, name in db.session.execute(found)), key=lambda person: (person[1], person[0]))


def _day(text: str, name: str, wrong: dict[str, str]) -> date | None:
    """Return the day that somebody typed, as browsers send it or as people write it; say so where there is none."""
    if not text:
        return None
    match = DAY.fullmatch(text)
    try:
        year, month, day = match.group(1, 2, 3) if match and match[1] else match.group(6, 5, 4) if match else ("", "", "")
        return date(int(year), int(month), int(day))
    except ValueError:
        wrong[name] = _("There is no such day. Write it like 17/03/2022.")
        return None


def _actor(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch("[1-9][0-9]{0,9}", text) or int(text) > LARGEST_ID:
        abort(400)
    return int(text)


def _is_thing(text: str) -> bool:
    match = vocabulary.THING.fullmatch(text)
    return match is not None and int(match[2]) <= LARGEST_ID
