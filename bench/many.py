"""Measure what 100,000 articles change: each page made anew, beside the same portal with 3,000. Prints markdown."""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench import load, readers
from bench.__main__ import fill, program
from bench.servers import Server, Servers

MOST = 1.5
CONNECTIONS = 4
UNCACHED = "PAGE_CACHE_BYTES = 0\n"
PAGES = (
    "/",
    "/chuyen-muc/cai-cach-hanh-chinh",
    "/chuyen-muc/thong-bao",
    "/luu-tru/2026",
    "/luu-tru/2026/9",
    "/so-do-trang",
    "/rss.xml",
)
FEW, MANY = 3_000, 100_000
"""Articles beside the demo's: few, but enough to fill every list's page."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.many", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Servers(Path(folder)) as servers:
        few, _ = fill(servers, "few", UNCACHED)
        many = shutil.copytree(few, servers.folder / "many")
        program(servers, "bench.instance", "add", str(FEW), instance=few)
        program(servers, "bench.instance", "add", str(MANY), instance=many)
        print(f"{FEW:,} and {MANY:,} articles beside the demo's.\n")
        slowest = _compare(servers.portal(few), servers.portal(many), arguments.rounds, arguments.seconds)
    if slowest > MOST:
        sys.exit(f"{slowest:.2f} times as long, and {MOST} was the most.")


def _compare(few: Server, many: Server, rounds: int, seconds: float) -> float:
    """Measure every page on both in turns, print the table and return the largest ratio of times."""
    pages = [*PAGES, readers.read(few).path, _by_key(many)]
    print("| page, made anew | ms with 3,000 | ms with 100,000 | × |\n| --- | --- | --- | --- |")
    ratios = []
    for page in pages:
        beside = PAGES[1] if "truoc=" in page else page  # a page by key is as long as its section's first
        times: list[tuple[float, float]] = []
        for turn in range(rounds + 1):
            pair = [(few, beside), (many, page)][:: 1 if turn % 2 else -1]
            rates = {server: load.pages(server, path, connections=CONNECTIONS, seconds=seconds).rate for server, path in pair}
            times.append((CONNECTIONS * 1_000 / rates[few], CONNECTIONS * 1_000 / rates[many]))
        ratios.append(median(long / short for short, long in times[1:]))  # the first warms up
        before, after = (median(time[side] for time in times[1:]) for side in (0, 1))
        print(f"| {page} | {before:.1f} | {after:.1f} | {ratios[-1]:.2f} |", flush=True)
    return max(ratios)


def _by_key(server: Server) -> str:
    """Return the address of a section's page that is found by key: beyond the last that has a number."""
    path = f"{PAGES[1]}?trang=5"
    for _ in range(3):
        html = readers.get(server, path)[1].decode()
        found = re.findall(r'href="([^"]*\?truoc=[^"]+)"', html)
        path = found[-1].replace("&amp;", "&")
    return str(path)


if __name__ == "__main__":
    main()
