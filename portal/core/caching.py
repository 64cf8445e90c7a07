"""What a view says of its page's life, and what a process remembers between pages.

Views say `@cache_for`, or `@personal` where the answer is for one browser. While a page is made, whatever goes into it says
`depends_on` a tag and is `fresh_until` an instant. `core.page_cache` keeps whole pages, `remember` keeps parts by the same rules.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from time import monotonic
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, make_response, request

from portal.core import access, clock, versions

View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")

PLAN = "portal.cache_plan"
UNSAVED = "unsaved"
PAGE_CONTROL = "public, max-age=0, must-revalidate"
PERSONAL_CONTROL = "private, no-store"
REMEMBERED_S = 300
MOST_REMEMBERED = 2_000


@dataclass(slots=True)
class Plan:
    """How long something that is being made will hold."""

    seconds: int
    tags: set[str] = field(default_factory=lambda: {versions.CONTENT})
    until: int | None = None
    """The instant from which it is wrong, or None."""

    def seconds_from(self, now: int) -> float:
        """Return for how many seconds it holds from an instant on."""
        return float(self.seconds) if self.until is None else min(self.seconds, (self.until - now) / 1000)


@dataclass(frozen=True, slots=True)
class Part:
    """Something remembered: what it was made from, and until when it is right (monotonic seconds)."""

    value: Any
    made_from: dict[str, int]
    plan: Plan
    right_until: float


def cache_for(seconds: int, *, query: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Declare a public page that is the same for everybody and holds for `seconds`; `query` are the names it reads."""

    def declare(view: View) -> View:
        @wraps(view)
        def planned(*args: Any, **kwargs: Any) -> Response:
            g.cache_plan = plan = Plan(seconds)
            response = make_response(view(*args, **kwargs))
            response.headers.setdefault("Cache-Control", PAGE_CONTROL)
            if response.status_code == 200:
                request.environ[PLAN] = plan
            return response

        planned.cache_query = query  # type: ignore[attr-defined]
        return access.public(planned)  # type: ignore[return-value]

    return declare


def personal(view: View) -> View:
    """Declare a public view whose answer is for one browser alone, and is kept nowhere."""

    @wraps(view)
    def kept_nowhere(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        response.headers["Cache-Control"] = PERSONAL_CONTROL
        return response

    return access.public(kept_nowhere)  # type: ignore[return-value]


def fresh_until(instant: int) -> None:
    """Say that the page being rendered is wrong from this instant on. Outside a cached page nothing happens."""
    plan: Plan | None = g.get("cache_plan")
    if plan is not None:
        plan.until = instant if plan.until is None else min(plan.until, instant)


def depends_on(tag: str) -> None:
    """Say that the page being rendered shows what `tag` stands for. Outside a cached page nothing happens."""
    plan: Plan | None = g.get("cache_plan")
    if plan is not None:
        plan.tags.add(tag)


def remember(key: Hashable, make: Callable[[], T]) -> T:
    """Return what `make()` returns, remembered by this process while all that it depends on is unchanged.

    Threads and requests share the value: finished values, nothing of a session; None is not kept. What `make` says of its
    life holds for the page too. In a preview nothing is remembered: it shows what is stored nowhere.
    """
    if UNSAVED in g:
        return make()
    known: dict[Hashable, Part] = current_app.extensions["remembered"]
    ours = versions.current()
    ours.look()
    part = known.get(key)
    if part is None or monotonic() >= part.right_until or ours.changed(part.made_from):
        part = _make(make, ours)
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        if part.value is not None:
            known[key] = part
    _pass_on(part.plan)
    value: T = part.value
    return value


def show_unsaved(**values: object) -> None:
    """Have the page that is being made, a preview, show these instead of what is stored: by names that readers of it agree on."""
    g.unsaved = values


def unsaved(name: str) -> Any:
    """Return what a preview shows instead of something that is stored, None outside a preview of it."""
    return g.get(UNSAVED, {}).get(name)


def _make(make: Callable[[], T], ours: versions.Versions) -> Part:
    outer, before = g.get("cache_plan"), versions.read_from()
    g.cache_plan = plan = Plan(REMEMBERED_S)
    began, now = monotonic(), clock.now_ms()
    try:
        value = make()
    finally:
        g.cache_plan = outer
    made_from = {tag: before.get(tag, 0) for tag in plan.tags}
    return Part(value, made_from, plan, began + plan.seconds_from(now))


def _pass_on(plan: Plan) -> None:
    """Have the page that is being made live no longer than a part of it."""
    for tag in plan.tags:
        depends_on(tag)
    if plan.until is not None:
        fresh_until(plan.until)


def init_app(app: Flask) -> None:
    app.extensions["remembered"] = {}
    app.teardown_appcontext(lambda _: g.pop("cache_plan", None))
