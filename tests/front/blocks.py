"""What tests of the home page ask of it: its blocks, and what each of them names."""

import re

from tests.client import PortalClient

BLOCK = re.compile(r'<(?:section|nav)[^>]* aria-labelledby="([\w-]+)"')


def main(client: PortalClient, path: str = "/") -> str:
    """Return the home page between masthead and footer."""
    return client.get(path).text.partition("<main")[2].partition("</main>")[0]


def blocks(client: PortalClient, path: str = "/") -> list[str]:
    """Return the headings' ids of the blocks, in order; a poll is "poll"."""
    return [re.sub(r"poll-\d+-question", "poll", found) for found in BLOCK.findall(main(client, path))]


def block(client: PortalClient, name: str, path: str = "/") -> str:
    """Return a block by its heading's id, "" where it is not printed."""
    return main(client, path).partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


def named(html: str) -> list[str]:
    """Return the titles of the articles that a part of the page lists, in order."""
    titles = re.findall(r'class="(?:row-title|story-title)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [re.sub(r"<span.*?</span>", "", title).strip() for title in titles]
