"""The poll box: one fragment for every page that shows a poll, with the form or with the result."""

from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import TypeAlias

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from portal.core import caching, clock, formats, language
from portal.core.db import db
from portal.core.language import _, ngettext
from portal.core.web import dom_id, fragment
from portal.polls import percentages
from portal.polls.ballots import tag_of
from portal.polls.models import Choice, Poll
from portal.polls.receipts import Receipt
from portal.polls.tallies import Tally, tally_of

Numbers: TypeAlias = "dict[int, int]"
"""Votes or percents by the choice's id."""

MOST_NAMED = 200

MOST_DAYS_LEFT = 60
"""Beyond these the day alone says more than their number."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above the choices: kind is ok, warn, bad or info."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    id: int
    letter: str
    label: str
    checked: bool
    mine: bool
    percent: int
    figure: str
    """As "50% · 1"; "" where nobody has voted yet, or the result is hidden."""
    unit: str
    """What the figure's second part stands for, for those who hear it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A poll box as the template prints it. Where shows_results is False, it holds no count at all."""

    dom_id: str
    poll_id: int
    version: int
    question: str
    help: str
    language: str
    """That of the question, the help and the choices."""
    hint: str
    multiple: bool
    choices: list[ChoiceLine]
    shows_form: bool
    shows_results: bool
    total_text: str
    empty: bool
    lines: list[str]
    time_text: str | None
    notice: Notice | None
    vote_url: str
    results_url: str | None
    form_url: str | None
    change_url: str | None
    changes: int | None
    """How often the ballot that this form shall replace was changed before; None where it is a first one."""
    back_url: str | None
    code: str = ""
    """The code of this browser's ballot; "" where there is none."""
    check_url: str | None = None
    """Where ballots can be checked, once their list is published."""
    opens_apart: bool = False
    """Whether ways to other pages open in a window of their own, as from a frame."""
    is_inert: bool = False
    """Whether nobody can vote in it, as in a preview."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """What is known of who looks at the box: nothing, on a page that is the same for everybody."""

    receipt: Receipt | None = None
    picked: frozenset[int] = field(default_factory=frozenset)
    back: str | None = None
    changes: int | None = None
    """As `Sent.changes`."""


def poll_box(poll_id: int | None, back: str | None = None) -> Markup:
    """Return a poll's box for a page that is cached for everybody, "" where there is no such poll."""
    if poll_id is None:
        return Markup("")
    return caching.remember(("poll_box", poll_id, language.current(), back), lambda: _render(poll_id, back))


def inert_poll_box(poll_id: int | None) -> Markup:
    """Return the same box as it is to be seen only, a draft's too: nothing in it can be sent."""
    poll = _known(poll_id) if poll_id is not None else None
    if poll is None:
        return Markup("")
    box = replace(make(poll, tally_of(poll.id), Visitor()), is_inert=True)
    return Markup(fragment("polls/_poll.html", box=box))  # noqa: S704 - a template's own output


def poll_names() -> list[tuple[int, str]]:
    """Return the latest polls for a form of staff: ids and questions, the newest first."""
    rows = db.session.execute(select(Poll.id, Poll.question).order_by(Poll.id.desc()).limit(MOST_NAMED))
    return [(number, question) for number, question in rows]


def _render(poll_id: int, back: str | None) -> Markup:
    poll = find(poll_id)
    if poll is None:
        return Markup("")
    caching.depends_on(tag_of(poll.id))
    box = make(poll, tally_of(poll.id), Visitor(back=back))
    return Markup(fragment("polls/_poll.html", box=box))  # noqa: S704 - a template's own output


def find(poll_id: int) -> Poll | None:
    """Return a poll that readers may see, with its choices; its tallies are asked for anew."""
    poll = _known(poll_id)
    return poll if poll is not None and poll.is_public else None


def _known(poll_id: int) -> Poll | None:
    """Return a poll, a draft too, remembered while nothing is published."""
    return caching.remember(("poll", poll_id), lambda: _load(poll_id))


def _load(poll_id: int) -> Poll | None:
    poll = db.session.get(Poll, poll_id)
    if poll is not None:
        for row in (*poll.choices, poll):
            db.session.expunge(row)  # several threads will read it
    return poll


def make(poll: Poll, tally: Tally, visitor: Visitor, *, results: bool = False, notice: Notice | None = None) -> Box:
    """Return the box of a poll: with the form while ballots are taken, else (or if `results`) with the result."""
    now = clock.now_ms()
    _say_how_long(poll, now)
    shows_results = poll.shows_results(now, has_voted=visitor.receipt is not None)
    shows_form = poll.takes_ballots(now) and not results
    shown = tally if shows_results and tally.voters else Tally(0, {})
    percents = percents_of(poll, shown)
    may_return = poll.is_open(now) and results and visitor.receipt is None
    paper_url = _paper_url(poll, visitor) if may_return or may_change(poll, visitor.receipt, now) else None
    may_leave = shows_form and (shows_results or visitor.changes is not None)
    return Box(
        dom_id=dom_id("poll", poll.id),
        poll_id=poll.id,
        version=poll.version,
        question=poll.question,
        help=poll.help,
        language=poll.language,
        hint=hint(poll),
        multiple=poll.is_multiple,
        choices=_lines(poll, shown.votes, percents, visitor, form=shows_form),
        shows_form=shows_form,
        shows_results=shows_results,
        total_text=_("Total votes: %(number)s", number=formats.number(tally.voters)) if shows_results else "",
        empty=tally.voters == 0,
        lines=_meta(poll, tally, percents, shows_results=shows_results),
        time_text=_time_text(poll, now),
        notice=notice,
        vote_url=url_for("polls.vote", poll_id=poll.id) if shows_form else "",
        results_url=url_for("polls.results", poll_id=poll.id, back=visitor.back) if may_leave else None,
        form_url=paper_url if may_return else None,
        change_url=paper_url if results and not may_return else None,
        changes=visitor.changes,
        back_url=visitor.back,
        code=visitor.receipt.code if visitor.receipt and not shows_form else "",
        check_url=url_for("poll_checks.show", poll_id=poll.id) if poll.listed_root is not None else None,
    )


def may_change(poll: Poll, receipt: Receipt | None, now: int) -> bool:
    """Tell whether a browser may put other choices on its ballot."""
    return poll.may_change and receipt is not None and receipt.status != "annulled" and poll.is_open(now)


def _paper_url(poll: Poll, visitor: Visitor) -> str:
    return url_for("polls.paper", poll_id=poll.id, back=visitor.back)


def hint(poll: Poll) -> str:
    """Return how many choices may be taken, in a sentence."""
    if not poll.is_multiple:
        return _("Choose one.")
    return _("Choose from %(fewest)s to %(most)s.", fewest=poll.min_choices, most=poll.max_choices)


def _lines(poll: Poll, votes: Numbers, percents: Numbers, visitor: Visitor, *, form: bool) -> list[ChoiceLine]:
    """Return the choices as printed; without votes where these are hidden."""
    mine = visitor.receipt.choice_ids if visitor.receipt else frozenset()
    # A removed choice is listed for its votes: where those are hidden, so is it.
    listed = [c for c in poll.choices if not c.removed or (not form and (c.id in mine or votes.get(c.id)))]
    return [
        ChoiceLine(
            id=choice.id,
            letter=letter(place),
            label=label(choice),
            checked=choice.id in visitor.picked,
            mine=choice.id in mine,
            percent=percents.get(choice.id, 0),
            figure=f"{percents[choice.id]}% · {formats.number(votes[choice.id])}" if choice.id in votes else "",
            unit=ngettext("vote", "votes", votes.get(choice.id, 0)),
        )
        for place, choice in enumerate(listed)
    ]


def percents_of(poll: Poll, tally: Tally) -> Numbers:
    """Return each choice's percent by its id; removed ones, whose ballots stand, are in the base."""
    counts = list(tally.votes.values())
    percents = percentages.of_voters(counts, tally.voters) if poll.is_multiple else percentages.of_total(counts)
    return dict(zip(tally.votes, percents, strict=True))


def letter(place: int) -> str:
    """Return what stands before a choice: a to z, then aa, ab …"""
    first, second = divmod(place, len(ascii_lowercase))
    return (ascii_lowercase[first - 1] if first else "") + ascii_lowercase[second]


def label(choice: Choice) -> str:
    """Return a choice's label; a removed one, whose ballots stand, says so."""
    return _("%(label)s (removed)", label=choice.label) if choice.removed else choice.label


def _meta(poll: Poll, tally: Tally, percents: Numbers, *, shows_results: bool) -> list[str]:
    lines = []
    if shows_results and tally.voters:
        if poll.is_multiple:
            lines.append(_("Percent of %(number)s voters; each may choose several.", number=formats.number(tally.voters)))
        elif sum(percents.values()) != 100:
            lines.append(_("Percentages may not sum to 100% because of rounding."))
    if shows_results and tally.uncounted:
        lines.append(
            ngettext(
                "%(num)s vote is not counted: it looks automated.",
                "%(num)s votes are not counted: they look automated.",
                tally.uncounted,
            )
        )
    if not shows_results and poll.visibility == "closed":
        lines.append(_("The result is published after the poll closes."))
    lines.append(_("One vote per browser; no identity is collected. The result is indicative only."))
    return lines


def _time_text(poll: Poll, now: int) -> str | None:
    if poll.has_closed(now) and poll.closes_at is not None:
        return _("Closed at %(moment)s. This is the final result.", moment=formats.moment(poll.closes_at))
    if not poll.has_opened(now) and poll.opens_at is not None:
        return _("Opens at %(moment)s.", moment=formats.moment(poll.opens_at))
    if poll.closes_at is None:
        return None
    days = (clock.day_of(poll.closes_at) - clock.day_of(now)).days
    if days > MOST_DAYS_LEFT:
        return _("Closes at %(moment)s.", moment=formats.moment(poll.closes_at))
    left = ngettext("%(num)s day left", "%(num)s days left", days) if days else _("today")
    return _("Closes at %(moment)s (%(left)s).", moment=formats.moment(poll.closes_at), left=left)


def _say_how_long(poll: Poll, now: int) -> None:
    """Tell the page cache when the box changes by itself: at opening, at closing, and "3 days left" at midnight."""
    for instant in (poll.opens_at, poll.closes_at):
        if instant is not None and instant > now:
            caching.fresh_until(instant)
            caching.fresh_until(clock.next_midnight(now))
