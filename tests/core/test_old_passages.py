"""Passages in TCVN3 or VNI are found with their place among others, and written in Unicode; nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.html import clean
from portal.core.old_encodings import Encoding
from portal.core.old_passages import found, rewritten
from tests.core.test_old_encodings import FOREIGN, SENTENCES, typed

BOTH = pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
PICTURE = f"/anh/{'0a' * 16}/640.webp"
PLAN = (
    f"<h2>{SENTENCES[3]}</h2><p>{SENTENCES[2]}, <strong>báo cáo</strong> &amp; đề nghị</p>"
    f"<table><caption>{SENTENCES[4]}</caption><thead><tr><th>TT</th><th>Nội dung</th></tr></thead>"
    f"<tbody><tr><td>1</td><td>{SENTENCES[2]}</td></tr></tbody></table>"
    f'<figure><img src="{PICTURE}" alt="Quang cảnh &amp; hội nghị trực tuyến">'
    "<figcaption>Đại biểu dự hội nghị</figcaption></figure>"
    f"<ul><li>{SENTENCES[1]}<br>Kết thúc</li></ul>"
)


def in_unicode(**sources: str) -> dict[str, str]:
    return rewritten(sources, found(sources))


@BOTH
def test_a_whole_text_comes_back_as_it_was_meant(encoding: Encoding) -> None:
    text = {"title": "Kế hoạch năm mới", "body": clean(PLAN)}
    old = {name: typed(written, encoding) for name, written in text.items()}
    assert old["body"] == clean(old["body"]) != text["body"]
    assert in_unicode(**old) == text
    assert found(text) == []


@BOTH
def test_each_passage_is_told_with_its_place(encoding: Encoding) -> None:
    body = clean(f"<p>{SENTENCES[0]}</p>{typed(PLAN, encoding)}")
    told = [
        (one.name, one.paragraph, one.encoding) for one in found({"lead": f"Một\n{typed(SENTENCES[1], encoding)}", "body": body})
    ]
    assert told == [("lead", 2, encoding), *(("body", number, encoding) for number in (2, 3, 4, 4, 4, 5, 5, 6))]
    (one, *_rest) = found({"body": body})
    assert (one.before, one.after) == (typed(SENTENCES[3], encoding), SENTENCES[3])


@BOTH
@pytest.mark.parametrize("other", [*SENTENCES, *FOREIGN, "nhân dân có thể", "bé có cá", "La Fête à Orléans", "José Muñoz"])
def test_among_old_passages_those_in_unicode_and_foreign_ones_stay(encoding: Encoding, other: str) -> None:
    old, new = (
        clean(f"<p>{text}</p><p>{other}</p><p>a <em>{other}</em></p>") for text in (typed(SENTENCES[2], encoding), SENTENCES[2])
    )
    assert in_unicode(body=old)["body"] == new


def test_both_encodings_may_stand_in_one_text() -> None:
    body = f"<p>{typed(SENTENCES[0], 'vni')}</p><p>{typed(SENTENCES[1], 'tcvn3')}</p><p>{typed(SENTENCES[2], 'vni')}</p>"
    assert [one.encoding for one in found({"body": body})] == ["vni", "tcvn3", "vni"]
    assert in_unicode(body=body)["body"] == "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:3])


def test_in_a_passage_that_is_in_unicode_in_part_that_part_stays() -> None:
    old = f"{typed('Sở Khoa học và Công nghệ đề nghị các đơn vị thực hiện', 'tcvn3')} <strong>có nhân dân đã</strong>"
    meant = "Sở Khoa học và Công nghệ đề nghị các đơn vị thực hiện <strong>có nhân dân đã</strong>"
    assert in_unicode(body=f"<p>{old}</p>") == {"body": f"<p>{meant}</p>"}
    assert in_unicode(title="Kế hoạch: caùc ñôn vò thöïc hieän nghieâm tuùc, baùo caùo, có nhân đã") == {
        "title": "Kế hoạch: các đơn vị thực hiện nghiêm túc, báo cáo, có nhân đã"
    }
    assert in_unicode(title="Nghị quyÕt vÒ c«ng t¸c đào t¹o") == {"title": "Nghị quyết về công tác đào tạo"}


@BOTH
def test_a_passage_too_short_to_say_goes_with_the_others_alone(encoding: Encoding) -> None:
    short = f"<h2>{typed('Việc', encoding)}</h2>"
    assert found({"body": short}) == []
    assert in_unicode(title=typed(SENTENCES[0], encoding), body=short)["body"] == "<h2>Việc</h2>"


def test_one_passage_is_written_anew_without_the_others() -> None:
    old = typed(SENTENCES[0], "vni")
    sources = {"title": old, "lead": f"{typed(SENTENCES[1], 'vni')}\n{old}"}
    first, second, third = found(sources)
    assert first.mark == third.mark != second.mark
    assert rewritten(sources, [second]) == {"title": old, "lead": f"{SENTENCES[1]}\n{old}"}


@pytest.mark.parametrize("text", [*SENTENCES, *FOREIGN])
def test_unicode_and_foreign_text_is_not_told(text: str) -> None:
    assert found({"title": text, "lead": text, "body": f"<p>{text}</p><table><tr><td>{text}</td></tr></table>"}) == []


pieces = st.sampled_from(
    [typed(SENTENCES[0], "tcvn3"), typed(SENTENCES[1], "vni"), SENTENCES[2], "<p>", "</p>", "<br>", "&amp;", "<td>", "\n", "©µ"]
)


@given(st.lists(pieces | st.text(max_size=5), max_size=8).map("".join))
def test_nothing_but_letters_changes(source: str) -> None:
    for text in (source, clean(source)):
        new = in_unicode(text=text)["text"]
        assert [letter for letter in new if letter in "<>&;/\n"] == [letter for letter in text if letter in "<>&;/\n"]
        assert clean(clean(new)) == clean(new)
