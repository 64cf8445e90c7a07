"""Who is no reader: programs, and browsers that fetch ahead of a reader."""

from functools import lru_cache

from crawlerdetect import CrawlerDetect
from werkzeug.datastructures import Headers

SHORTEST_AGENT = 12
LONGEST_AGENT = 512

_detector = CrawlerDetect()


@lru_cache(maxsize=4_096)
def is_robot(agent: str) -> bool:
    """Tell whether a User-Agent is a program's. Agents shorter than 12 or without "/" and space are no browser's."""
    if len(agent) < SHORTEST_AGENT or "/" not in agent or " " not in agent:
        return True
    return bool(_detector.isCrawler(agent))


def is_ahead_of_reader(headers: Headers) -> bool:
    """Tell whether a browser fetches for later: prefetch or prerender, which nobody may ever see."""
    purposes = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")).lower()
    return any(word in purposes for word in ("prefetch", "prerender", "preview"))
