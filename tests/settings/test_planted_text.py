"""What an administrator types is text: hostile words in every field run nowhere on the pages that print them."""

from portal.core.text import clean_line
from tests.browser.planting import BREAKING
from tests.client import Elements
from tests.core.payloads import PAYLOADS
from tests.settings.forms import Office, changes

HOSTILE = [text for text in (*PAYLOADS.values(), *BREAKING) if text == clean_line(text) and len(text) <= 80]


def shape(page: str) -> list[str]:
    """Return the tags of a page in order, with what could run or ask."""
    return [
        f"{tag} {sorted(name for name in attributes if name.startswith(('on', 'hx-', 'src')))}"
        for tag, attributes in Elements(page).found
    ]


def test_hostile_words_stay_words_in_masthead_menu_footer_and_links(office: Office) -> None:
    words = ("name", "locality", "governing_body", "responsible", "address", "hours", "licence", "credited_as")

    def put(texts: list[str]) -> list[str]:
        assert office.change("co-quan", **dict(zip(words, texts, strict=True))).status_code == 303
        assert office.lines("trinh-don", *({"label": text, "url": "/a"} for text in texts)).status_code == 303
        rows = [{"title": text, "url": "/a", "place": place} for text in texts for place in ("task", "link", "foot")]
        assert office.lines("lien-ket", *rows).status_code == 303
        return [office.browser.get(path).text for path in ("/", "/so-do-trang", "/ban-bien-tap/thiet-lap-trang/co-quan/lich-su")]

    assert len(HOSTILE) > 80
    plain = [shape(page) for page in put(["Lời thường"] * len(words))[:2]]
    for at in range(0, len(HOSTILE) - len(words), len(words)):
        texts = HOSTILE[at : at + len(words)]
        pages = put(texts)
        assert [shape(page) for page in pages[:2]] == plain, texts
        assert not any(name.startswith("on") for page in pages for _, has in Elements(page).found for name in has), texts


def test_hostile_words_stay_words_in_notices_and_their_previews(office: Office) -> None:
    def shown(text: str) -> list[list[str]]:
        row = {"text": text, "url": "/a", "ends_at": "2099-01-01T00:00"}
        looked = office.lines("tin-khan", row, do="preview").text
        assert office.lines("tin-khan", row).status_code == 303
        return [shape(looked), shape(office.browser.get("/").text)]

    plain = shown("Lời thường")
    for text in HOSTILE[::9]:
        assert shown(text) == plain, text
    assert changes("tin-khan")
