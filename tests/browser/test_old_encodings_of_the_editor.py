"""The tables of old encodings in the editor and on the server are the same, letter by letter."""

from pathlib import Path

from playwright.sync_api import Browser

from portal.core.old_encodings import ENCODINGS, converted
from tests.browser.reader import DRIVEN
from tests.core.test_old_encodings import SENTENCES, typed

pytestmark = DRIVEN

SOURCE = Path(__file__).resolve().parent.parent.parent / "static/js/writing/encodings.js"
CONVERT = """async ([source, texts]) => {
  const tables = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(source));
  return ["tcvn3", "vni"].map(encoding => texts.map(text => tables.toUnicode(text, encoding)));
}"""


def test_what_is_pasted_is_converted_as_the_server_converts_it(chromium: Browser) -> None:
    letters = [chr(code) for code in range(0xA0, 0x100)] + ["\u03bc"]
    pairs = [base + mark for base in "aeiouydôöñAEOUYÔÖ" for mark in letters]
    texts = [*letters, *pairs, *(typed(sentence, encoding) for sentence in SENTENCES for encoding in ENCODINGS)]
    page = chromium.new_page()
    there = page.evaluate(CONVERT, [SOURCE.read_text("utf-8"), texts])
    page.close()
    for encoding, theirs in zip(ENCODINGS, there, strict=True):
        ours = [converted(text, encoding) for text in texts]
        assert [one for one in zip(texts, ours, theirs, strict=True) if one[1] != one[2]] == []
