"""The table that `make bench` prints, and what was to be reached (issue 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.load import Sample

Samples = dict[str, dict[int, list[Sample]]]
"""By what was measured, then by connections: one sample a round."""

CONNECTIONS = (8, 64)

BASE, UPDATE, BARE = "Flask view, gunicorn 2×4 (base)", "plain UPDATE, gunicorn 2×4", "bare WSGI, same server"
CONSTANT = "Flask view, same server"
CACHED, UNCACHED, VOTE, HIT = "article, cache on", "article, cache off", "vote", "hit"
FRAME, FRAMED_VOTE = "poll in a frame", "vote in a frame"
ALONE, DOWNLOADS, HASHING = "cached page alone", "… while 8 slow clients download 100 MB", "… while a password is being hashed"


@dataclass(frozen=True, slots=True)
class Target:
    """One figure that was to be reached: at most or at least `goal`."""

    words: str
    value: float
    goal: float
    at_most: bool = False

    @property
    def reached(self) -> bool:
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def ratio(samples: Samples, what: str, to: str, connections: int) -> float:
    """Return the median over the rounds of the rate of one thing to another's: both of a round share its noise."""
    pairs = zip(samples[what][connections], samples[to][connections], strict=True)
    return median(one.rate / other.rate if other.rate else 0.0 for one, other in pairs)


def middle(samples: Sequence[Sample], name: str) -> float:
    return float(median(getattr(sample, name) for sample in samples))


def table(samples: Samples, comparisons: dict[str, tuple[str, ...]]) -> str:
    """Return the markdown table: one row for each thing, medians, and the ratios to what it is compared with."""
    head = [
        "",
        *(f"req/s c{c}" for c in CONNECTIONS),
        *(f"p50 / p99 ms c{c}" for c in CONNECTIONS),
        "× c8, c64",
        "errors",
        "others %",
    ]
    rows = [_row(head), _row(["---"] * len(head))]
    for what, by in samples.items():
        every = [sample for c in CONNECTIONS for sample in by[c]]
        cells = [what, *(f"{middle(by[c], 'rate'):,.0f}" for c in CONNECTIONS)]
        cells += [f"{middle(by[c], 'p50'):.2f} / {middle(by[c], 'p99'):.1f}" for c in CONNECTIONS]
        told = [
            f"{', '.join(f'{ratio(samples, what, to, c):.2f}' for c in CONNECTIONS)} of {to}" for to in comparisons.get(what, ())
        ]
        cells += ["; ".join(told), str(sum(sample.errors for sample in every)), f"{middle(every, 'others'):.0f}"]
        rows.append(_row(cells))
    return "\n".join(rows)


def delays(samples: dict[str, list[Sample]]) -> str:
    """Return the table of the cached page's slowest answers, alone and beside slow requests."""
    head = ["", "req/s", "p50 ms", "p99 ms", "p99 ×", "errors", "others %"]
    rows = [_row(head), _row(["---"] * len(head))]
    for what, taken in samples.items():
        figures = [f"{middle(taken, name):,.1f}" for name in ("rate", "p50", "p99")]
        errors = str(sum(sample.errors for sample in taken))
        rows.append(_row([what, *figures, f"{lift(samples, what):.2f}", errors, f"{middle(taken, 'others'):.0f}"]))
    return "\n".join(rows)


def lift(samples: dict[str, list[Sample]], what: str) -> float:
    """Return how many times the cached page's p99 is lifted; infinite where nothing was answered."""
    if not all(sample.rate for sample in samples[what]):
        return float("inf")
    return middle(samples[what], "p99") / middle(samples[ALONE], "p99")


def targets(found: list[Target]) -> str:
    head = ["to reach", "found", "goal", ""]
    rows = [_row(head), _row(["---"] * len(head))]
    for target in found:
        sign = "≤" if target.at_most else "≥"
        rows.append(_row([target.words, f"{target.value:.2f}", f"{sign} {target.goal:g}", "yes" if target.reached else "**no**"]))
    return "\n".join(rows)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
