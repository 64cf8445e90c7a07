"""Counting one load of a page: all in one piece of work for the shared commit, so that it counts wholly or not at all."""

from dataclasses import dataclass
from datetime import date

from portal.core import clock
from portal.core.commits import shared
from portal.core.statements import Statement, Transaction
from portal.visits.models import SITE
from portal.visits.sums import ALL_TIME, Sums, day_period, month_period, sums_from, sums_within
from portal.visits.visitors import Keys, keys_of

VISIT_GAP_MS = 30 * clock.MINUTE
REPEAT_MS = 10_000

ADD_LOAD = Statement("INSERT INTO page_load (id, at) VALUES (:load, :now) ON CONFLICT (id) DO NOTHING")

ADD_RECENT = Statement("""
    INSERT INTO recent_view (key, page, at) SELECT :today, CAST(:page AS VARCHAR), :now
    WHERE NOT EXISTS (SELECT 1 FROM recent_view WHERE key = :yesterday AND page = :page AND at > :since)
    ON CONFLICT (key, page) DO UPDATE SET at = excluded.at WHERE recent_view.at <= :since
""")

CONTINUE_VISIT = Statement("""
    UPDATE visitor SET last_at = :now WHERE site_id = :site AND key = :today AND last_at >= :since
""")
BRIDGE_VISIT = Statement("""
    UPDATE visitor SET key = :today, last_at = :now WHERE site_id = :site AND key = :yesterday AND last_at >= :since
    AND NOT EXISTS (SELECT 1 FROM visitor WHERE site_id = :site AND key = :today)
""")
BEGIN_VISIT = Statement("""
    INSERT INTO visitor (site_id, key, last_at) VALUES (:site, :today, :now)
    ON CONFLICT (site_id, key) DO UPDATE SET last_at = excluded.last_at WHERE visitor.last_at < :since
""")

ADD_VIEW = Statement("""
    INSERT INTO page_views (site_id, page, period, views)
    VALUES (:site, :page, 0, 1), (:site, :page, :month, 1), (:site, :page, :day, 1)
    ON CONFLICT (site_id, page, period) DO UPDATE SET views = page_views.views + 1 RETURNING period, views
""")
ADD_FIGURES = Statement("""
    INSERT INTO site_figures (site_id, period, views, visits)
    VALUES (:site, 0, 1, :visit), (:site, :month, 1, :visit), (:site, :day, 1, :visit)
    ON CONFLICT (site_id, period)
    DO UPDATE SET views = site_figures.views + 1, visits = site_figures.visits + excluded.visits RETURNING period, views, visits
""")


@dataclass(frozen=True, slots=True)
class Load:
    """One load of a page, as the request told it. `id` is None for a browser without scripts."""

    page: str
    id: bytes | None
    address: str
    agent: str


def see(load: Load) -> Sums:
    """Count a load once and return the sums with it; durable when this returns.

    The same load id counts once, and the same visitor on the same page within 10 seconds counts once.
    """
    now = clock.now_ms()
    today = clock.day_of(now)
    keys = keys_of(load.address, load.agent, now)
    return shared(_see, load, keys, now, today)


def _see(transaction: Transaction, load: Load, keys: Keys, now: int, today: date) -> Sums:
    if load.id is not None and transaction.run(ADD_LOAD, load=load.id, now=now).rowcount == 0:
        return sums_within(transaction, load.page, today)
    if _is_repeated(transaction, load.page, keys, now):
        return sums_within(transaction, load.page, today)
    visit = int(_begins_visit(transaction, keys, now))
    periods = {"day": day_period(today), "month": month_period(today)}
    of_page = transaction.run(ADD_VIEW, site=SITE, page=load.page, **periods).fetchall()
    of_site = transaction.run(ADD_FIGURES, site=SITE, visit=visit, **periods).fetchall()
    return sums_from(today, of_site, views_of_page=dict(of_page)[ALL_TIME])


def _is_repeated(transaction: Transaction, page: str, keys: Keys, now: int) -> bool:
    who = {"today": keys.today, "yesterday": keys.yesterday}
    return transaction.run(ADD_RECENT, page=page, now=now, since=now - REPEAT_MS, **who).rowcount == 0


def _begins_visit(transaction: Transaction, keys: Keys, now: int) -> bool:
    """Tell whether a visit begins with this view, and note the view. Each step is atomic, so of two at once one begins."""
    values = {"site": SITE, "today": keys.today, "now": now, "since": now - VISIT_GAP_MS}
    if transaction.run(CONTINUE_VISIT, **values).rowcount:
        return False
    if keys.yesterday is not None and transaction.run(BRIDGE_VISIT, yesterday=keys.yesterday, **values).rowcount:
        return False
    return transaction.run(BEGIN_VISIT, **values).rowcount == 1
