"""A site map as machines read it, and a site as they walk through it."""

from dataclasses import dataclass, field
from xml.etree import ElementTree

from tests.client import Elements, PortalClient

ROOT = "http://localhost"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
MOST = 10_000


def parts(client: PortalClient, path: str = "/sitemap.xml") -> list[str]:
    """Return the paths of an index's parts."""
    index = ElementTree.fromstring(client.get(path).data)  # noqa: S314 - our own answer
    assert index.tag == f"{{{NAMES['s']}}}sitemapindex"
    return [one.findtext("s:loc", "", NAMES).removeprefix(ROOT) for one in index.findall("s:sitemap", NAMES)]


def entries(client: PortalClient, path: str = "/sitemap.xml") -> dict[str, ElementTree.Element]:
    """Return all that an index's parts list, by address; fail where an address stands twice or a part is too long."""
    found: dict[str, ElementTree.Element] = {}
    for part in parts(client, path):
        answer = client.get(part)
        assert (answer.status_code, answer.content_type) == (200, "application/xml; charset=utf-8")
        urls = ElementTree.fromstring(answer.data).findall("s:url", NAMES)  # noqa: S314 - our own answer
        assert 0 < len(urls) <= MOST
        for url in urls:
            address = url.findtext("s:loc", "", NAMES)
            assert address not in found
            found[address] = url
    return found


def mapped(client: PortalClient, path: str = "/sitemap.xml") -> dict[str, str | None]:
    """Return the addresses of a map with the instants of their last change."""
    return {address: url.findtext("s:lastmod", None, NAMES) for address, url in entries(client, path).items()}


def translations(url: ElementTree.Element) -> dict[str, str]:
    """Return an entry's addresses by language."""
    return {link.get("hreflang", ""): link.get("href", "") for link in url.findall("x:link", NAMES)}


@dataclass
class Head:
    """What a page's head says, the first of each."""

    canonical: str = ""
    robots: str = ""
    languages: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    """The content of each meta element by its name or property."""
    feeds: dict[str, str] = field(default_factory=dict)


def head_of(html: str) -> Head:
    """Read a page's head; fail where it says one thing twice."""
    head = Head()
    for tag, attributes in Elements(html.partition("</head>")[0]).found:
        href, said = attributes.get("href") or "", attributes.get("content") or ""
        if tag == "link" and attributes.get("rel") == "canonical":
            assert not head.canonical
            head.canonical = href
        elif tag == "link" and "hreflang" in attributes:
            head.languages[attributes["hreflang"] or ""] = href
        elif tag == "link" and attributes.get("rel") == "alternate":
            head.feeds[attributes["type"] or ""] = href
        elif tag == "meta" and attributes.get("name") == "robots":
            assert not head.robots
            head.robots = said
        elif tag == "meta" and (name := attributes.get("name") or attributes.get("property")):
            assert name not in head.said
            head.said[name] = said
    return head


def walked(client: PortalClient, *starts: str) -> dict[str, Head]:
    """Follow every link from some pages on and return the head of each page that is there, by its path."""
    heads: dict[str, Head] = {}
    seen, left = set[str](), list(starts)
    while left:
        url = left.pop()
        if url in seen or url.startswith("/static/"):
            continue
        seen.add(url)
        answer = client.get(url)
        if (answer.content_type or "").startswith("text/html") and answer.status_code == 200:
            heads[url] = head_of(answer.text)
            links = [one.get("href") or "" for one in Elements(answer.text).of("a")]
            left += [link.partition("#")[0] for link in links if link.startswith("/")]
    return heads
