"""How long something is late, or how long there is still, in words. A day is said as hours until it is two."""

from portal.core import clock
from portal.core.language import _, ngettext


def overdue(since: int | None, hours: int | None, now: int) -> str:
    """Return "Quá hạn 3 giờ" for what has waited longer than so many hours, "" for what has not."""
    if since is None or hours is None or now <= since + hours * clock.HOUR:
        return ""
    return _("Overdue by %(time)s", time=span(now - since - hours * clock.HOUR))


def left(until: int, now: int) -> str:
    """Return how long there is until an instant, or by how much it is past."""
    if now < until:
        return _("%(time)s left", time=span(until - now))
    return _("Overdue by %(time)s", time=span(now - until))


def missed(publish_at: int | None, now: int) -> str:
    """Return a sentence for what should have appeared by now: its job has failed, and comes again."""
    is_late = publish_at is not None and now > publish_at + clock.MINUTE
    return _("Should have appeared by now; it is being tried again") if is_late else ""


def span(ms: int) -> str:
    """Return a length of time in its largest whole unit, a minute at least."""
    if ms < clock.HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", max(1, ms // clock.MINUTE))
    if ms < 2 * clock.DAY:
        return ngettext("%(num)s hour", "%(num)s hours", ms // clock.HOUR)
    return ngettext("%(num)s day", "%(num)s days", ms // clock.DAY)
