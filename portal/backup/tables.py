"""Which tables a backup carries, and which it leaves out and why. A table that stands in neither list fails a test."""

from sqlalchemy import Table

from portal.core.db import Model

CARRIED = frozenset(
    {
        *("unit", "user", "recovery_code", "used_code", "passkey"),
        *("site", "setting_change", "menu_item", "site_link", "site_strip", "urgent_notice", "page", "page_old_slug"),
        *("section", "article", "article_correction", "old_address"),
        *("piece", "revision", "piece_step", "preview_link", "approval_rule"),
        *("file", "rendering", "rendition", "page_text", "attachment", "picture", "library_item", "file_use"),
        *("poll", "poll_choice", "poll_version", "ballot", "ballot_choice", "poll_listing"),
        *("page_views", "site_figures", "visit_baseline"),
        *("audit_entry", "audit_head", "job"),
    }
)
"""What a site is: what people wrote, published, voted and did, who they are, and the sums of what was read."""

LEFT_OUT = {
    "visit_salt": "with it, visitor keys lead back to addresses; it lives for 48 hours",
    "visitor": "who visited: keys of visitors, which live for 48 hours; the sums are carried",
    "page_load": "which loads were counted: traces of visitors, which live for 48 hours",
    "recent_view": "who saw which page last: traces of visitors, which live for a minute",
    "sign_in_attempt": "keys of networks and of accounts that somebody tried; brakes begin anew",
    "staff_session": "nobody is signed in on another machine, nor for ever in a copy",
    "trusted_device": "a device that was forgotten since would be trusted again; people are asked for their code once more",
    "one_time_link": "a link that was used since would count again",
    "passkey_challenge": "questions that were answered within the last day",
    "piece_presence": "who has an article open at this minute",
    "upload": "files that are on their way, whose parts are not in the store yet",
    "ballot_mark": "keys of the networks from which ballots came",
    "poll_network": "keys of networks; their allowances begin anew",
    "cache_version": "what running processes remember of this database, and of no other",
}
"""What no archive ever holds."""

FILLED_BY_TRIGGERS = frozenset({"audit_head"})
"""Carried to be compared: the database itself moves the head while entries are put in, one after the other."""


def carried() -> list[Table]:
    """Return the tables that are carried, each after those that it refers to."""
    return [table for table in Model.metadata.sorted_tables if table.name in CARRIED]
