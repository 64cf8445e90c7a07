"""Measure the portal beside its peers, in one run: interleaved, the order rotated each round, medians. Prints markdown."""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from bench import load, meter, readers
from bench.load import Sample
from bench.peers import page
from bench.report import (
    ALONE,
    BARE,
    BASE,
    CACHED,
    CONNECTIONS,
    CONSTANT,
    DOWNLOADS,
    FRAME,
    FRAMED_VOTE,
    HASHING,
    HIT,
    UNCACHED,
    UPDATE,
    VOTE,
    Samples,
    Target,
    delays,
    lift,
    middle,
    ratio,
    table,
    targets,
)  # fmt: skip
from bench.servers import ROOT, Server, Servers

COMPARED = {
    CACHED: (BARE, CONSTANT, BASE),
    UNCACHED: (CONSTANT, BASE),
    BARE: (BASE,),
    CONSTANT: (BASE,),
    VOTE: (UPDATE,),
    HIT: (UPDATE,),
    FRAME: (CONSTANT, BASE),
    FRAMED_VOTE: (VOTE, UPDATE),
}
SENT = {VOTE: (VOTE, FRAMED_VOTE), HIT: (HIT,), UPDATE: (UPDATE,)}
"""What is stored together, by what sends it."""
PROXY = 'TRUSTED_PROXIES = ("127.0.0.1",)\n'
SLOW_CLIENTS = 8

Measure = Callable[[int, float], Sample]


def main() -> None:
    arguments = _arguments()
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt-get install wrk")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Servers(Path(folder)) as servers:
        print(_run(servers, arguments.rounds, arguments.seconds, "".join(line + "\n" for line in arguments.set)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="length of a sample; wrk takes whole seconds")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a line for instance/config.py")
    return parser.parse_args()


def _run(servers: Servers, rounds: int, seconds: float, settings: str) -> str:
    cached, large = fill(servers, "cached", PROXY + settings)
    uncached = shutil.copytree(cached, servers.folder / "uncached")
    (uncached / "config.py").write_text(PROXY + settings + "PAGE_CACHE_BYTES = 0\n", "utf-8")
    portal, direct = servers.portal(cached), servers.portal(uncached)
    article = readers.read(portal)
    page.keep(servers.folder, article.headers, article.body)
    program(servers, "bench.instance", "updates")
    bare, constant = servers.granian(portal, "bench.peers.bare:app"), servers.granian(portal, "bench.peers.constant:app")
    base, update = servers.gunicorn("bench.peers.constant:app"), servers.gunicorn("bench.peers.plain_update:app")

    measures: dict[str, Measure] = {
        CACHED: _pages(portal, article.path),
        BARE: _pages(bare, "/"),
        BASE: _pages(base, "/"),
        CONSTANT: _pages(constant, "/"),
        UNCACHED: _pages(direct, article.path),
        VOTE: _posts(portal, readers.votes(portal, article)),
        UPDATE: _posts(update, readers.updates(update)),
        HIT: _posts(portal, readers.hits(portal, article)),
        FRAME: _pages(portal, readers.frame_of(article)),
        FRAMED_VOTE: _posts(portal, readers.framed_votes(portal, article)),
    }
    before = _stored(servers, cached)
    acknowledged = _warm_up(measures)
    samples = _rounds(servers, measures, rounds, seconds)
    lost = _lost(servers, cached, before, acknowledged, samples)
    memory = meter.megabytes(portal.processes())
    hashing = servers.granian(portal, "bench.peers.hashing:app", cached)
    slow = _beside_slow(servers, portal, hashing, article.path, large, rounds)
    return "\n\n".join(
        [
            f"Medians of {rounds} rounds of {seconds:g} s; × is the median of the rounds' ratios; others % is what other "
            "processes used of one core. Settings: " + " ".join(_settings(portal)),
            table(samples, COMPARED),
            delays(slow),
            lost,
            targets(_targets(samples, slow, memory)),
        ]
    )


def _pages(server: Server, path: str) -> Measure:
    return lambda connections, seconds: load.pages(server, path, connections=connections, seconds=seconds)


def _posts(server: Server, request: Callable[[], bytes]) -> Measure:
    return lambda connections, seconds: load.posts(server, request, connections=connections, seconds=seconds)


def fill(servers: Servers, name: str, config: str) -> tuple[Path, str]:
    """Make an instance with demo content; return its folder and the address of its large attachment."""
    folder = servers.folder / name
    folder.mkdir()
    (folder / "config.py").write_text(config, "utf-8")
    return folder, program(servers, "bench.instance", "fill", instance=folder)


def program(servers: Servers, module: str, *arguments: str, instance: Path | None = None) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=servers.environment(instance), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip()


def _warm_up(measures: dict[str, Measure]) -> dict[str, int]:
    return {what: measure(8, 1).acknowledged for what, measure in measures.items()}


def _rounds(servers: Servers, measures: dict[str, Measure], rounds: int, seconds: float) -> Samples:
    samples: Samples = {what: {c: [] for c in CONNECTIONS} for what in measures}
    names = list(measures)
    for turn in range(rounds):
        order = names[turn % len(names) :] + names[: turn % len(names)]
        for connections in CONNECTIONS:
            for what in order if turn % 2 == 0 else order[::-1]:
                sample = _metered(servers, lambda what=what, c=connections: measures[what](c, seconds))  # type: ignore[misc]
                samples[what][connections].append(sample)
    return samples


def _metered(servers: Servers, measure: Callable[[], Sample]) -> Sample:
    with meter.Meter(servers.processes()) as metered:
        sample = measure()
    return replace(sample, others=metered.others)


def _stored(servers: Servers, cached: Path) -> dict[str, int]:
    """Return what is stored of all that was acknowledged; `flask polls recount` fails where a tally is wrong."""
    recounted = program(servers, "flask", "--app", "portal", "polls", "recount", instance=cached)
    found = re.match(r"\d+", recounted)
    return {
        VOTE: int(found[0]) if found else 0,
        HIT: int(program(servers, "bench.instance", "stored", instance=cached)),
        UPDATE: int(program(servers, "bench.instance", "updated")),
    }


def _lost(servers: Servers, cached: Path, before: dict[str, int], warm: dict[str, int], samples: Samples) -> str:
    """Compare what was acknowledged with what is stored; ends the run where anything is lost or counted twice."""
    after, told = _stored(servers, cached), []
    for what, stored_before in before.items():
        sent = SENT[what]
        acknowledged = sum(
            warm[one] + sum(sample.acknowledged for c in CONNECTIONS for sample in samples[one][c]) for one in sent
        )
        stored = after[what] - stored_before
        told.append(f"{what}: {acknowledged:,} acknowledged, {stored:,} stored")
        if acknowledged != stored:
            sys.exit("Not equal! " + told[-1])
    return "; ".join(told) + "; all tallies equal."


def _beside_slow(
    servers: Servers, portal: Server, hashing: Server, path: str, large: str, rounds: int
) -> dict[str, list[Sample]]:
    """Measure the cached page alone and beside slow requests, in turns."""
    cases: dict[str, tuple[Server, Callable[[], AbstractContextManager[None]]]] = {
        ALONE: (portal, nullcontext),
        DOWNLOADS: (portal, lambda: load.slow_downloads(portal, large, SLOW_CLIENTS)),
        HASHING: (hashing, lambda: load.repeated_get(hashing, "/hash")),
    }
    samples: dict[str, list[Sample]] = {case: [] for case in cases}
    load.pages(hashing, path, connections=8, seconds=1)  # warm, as the other is by now
    for turn in range(rounds):
        for case in list(cases)[turn % 3 :] + list(cases)[: turn % 3]:
            server, beside = cases[case]
            with beside():
                samples[case].append(_metered(servers, lambda s=server: load.pages(s, path, connections=8, seconds=1)))  # type: ignore[misc]
    return samples


def _settings(portal: Server) -> list[str]:
    """Return the options of the server's command line that say how it serves."""
    line = portal.processes()[0].cmdline()
    return [word for word in line[line.index("--workers") : -1] if "/" not in word]


def _targets(samples: Samples, slow: dict[str, list[Sample]], memory: float) -> list[Target]:
    """Return what issue 2 asks for; of the ratios at 8 and 64 connections the lower one counts."""

    def least(what: str, to: str) -> float:
        return min(ratio(samples, what, to, c) for c in CONNECTIONS)

    return [
        Target("cached page × bare WSGI", least(CACHED, BARE), 0.85),
        Target("cached page × base", least(CACHED, BASE), 8),
        Target("uncached page × base", least(UNCACHED, BASE), 0.15),
        Target("vote × plain UPDATE", least(VOTE, UPDATE), 2.4),
        Target("hit × plain UPDATE", least(HIT, UPDATE), 2.4),
        Target(
            f"vote p99 c64, ms (UPDATE: {middle(samples[UPDATE][64], 'p99'):.0f})", middle(samples[VOTE][64], "p99"), 60, True
        ),
        Target("hit p99 c64, ms", middle(samples[HIT][64], "p99"), 60, True),
        Target("cached p99 × beside slow downloads", lift(slow, DOWNLOADS), 3, True),
        Target("cached p99 × beside hashing", lift(slow, HASHING), 3, True),
        Target("PSS of all processes, MB", memory, 220, True),
    ]


if __name__ == "__main__":
    main()
