"""What changed between two versions reads as Vietnamese: whole syllables, cells, pictures; and no text makes it slow."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.blocks import blocks, joined
from portal.core.differences import Change, Piece, compare, compared_texts
from portal.core.html import clean

A, B = (f"/anh/{sign * 32}/640.webp" for sign in "ab")
PARTS = (
    *(
        "<p>kế hoạch năm 2022</p>",
        "<p>kế hoạch <strong>năm</strong> 2023</p>",
        "<h2>Mục đích</h2>",
        "<ul><li>một</li><li>hai</li></ul>",
    ),
    *(
        "<ol start=3><li>ba</li></ol>",
        "<blockquote><p>trích</p></blockquote>",
        "<hr>",
        "chữ <em>rời</em>",
        "<p></p>",
        "<p>a<br>b</p>",
    ),
    *(
        "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>",
        f"<figure><img src={A} alt=a><figcaption>b</figcaption></figure>",
    ),
    *("<ul><li>một<ul><li>sâu</li></ul></li></ul>", "<p><a href=/a>kế hoạch</a></p>", " "),
)
bodies = (
    st.lists(st.sampled_from(PARTS) | st.text(" abđ", max_size=5).map("<p>{}</p>".format), max_size=8).map("".join).map(clean)
)


def one(old: str, new: str) -> Change:
    (change,) = compare(clean(old), clean(new))
    return change


def side(pieces: tuple[Piece, ...], kind: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in {"same", kind})


@given(bodies)
def test_blocks_put_together_are_the_body_again(html: str) -> None:
    assert [block.key for block in blocks(joined(blocks(html)))] == [block.key for block in blocks(html)]
    assert joined(blocks(joined(blocks(html)))) == joined(blocks(html))


@given(bodies)
def test_a_body_is_the_same_as_itself(html: str) -> None:
    assert {change.kind for change in compare(html, html)} <= {"same"}


@given(bodies, bodies)
def test_every_block_of_both_is_told_once_and_in_order(old: str, new: str) -> None:
    changes = [change for change in compare(old, new) if change.tag not in {"table", "figure"}]
    for version, kind, other in ((old, "removed", "added"), (new, "added", "removed")):
        texts = [block.text.split() for block in blocks(version) if block.tag not in {"table", "figure"}]
        assert [side(change.pieces, kind).split() for change in changes if change.kind != other] == texts


@given(st.text("aăđ ,.1\n", max_size=40), st.text("aăđ ,.1\n", max_size=40))
def test_both_texts_can_be_read_out_of_the_pieces(old: str, new: str) -> None:
    pieces = compared_texts(old, new)
    assert side(pieces, "removed").split() == old.split()
    assert side(pieces, "added").split() == new.split()


def test_whole_syllables_and_numbers_are_marked() -> None:
    assert one(
        "<p>Trong năm 2022 có 1.957.856 lượt truy cập.</p>", "<p>Trong năm 2022 có 1.957.900 lượt truy cập.</p>"
    ).pieces == (
        Piece("same", "Trong năm 2022 có"),
        Piece("removed", " 1.957.856"),
        Piece("added", " 1.957.900"),
        Piece("same", " lượt truy cập."),
    )


def test_a_paragraph_put_in_between_moves_no_other() -> None:
    kinds = [change.kind for change in compare("<p>một hai</p><p>ba bốn</p>", "<p>một hai</p><p>năm sáu</p><p>ba bốn</p>")]
    assert kinds == ["same", "added", "same"]


def test_a_sentence_written_anew_is_not_woven_into_the_old_one() -> None:
    kinds = [change.kind for change in compare("<p>Sở họp vào thứ hai.</p>", "<p>Trời mưa rất to, đường ngập.</p>")]
    assert kinds == ["removed", "added"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("<p>a b</p>", "<p>a <strong>b</strong></p>"), ("<p>a</p>", "<h2>a</h2>"), ("<ul><li>a</ul>", "<ol><li>a</ol>")],
)
def test_a_change_of_form_alone_is_called_so(old: str, new: str) -> None:
    assert one(old, new).kind == "formatting"


def test_an_element_that_became_another_tells_what_it_was() -> None:
    assert (one("<p>a</p>", "<h2>a</h2>").tag, one("<p>a</p>", "<h2>a</h2>").was) == ("h2", "p")


def test_a_link_that_leads_elsewhere_is_a_change() -> None:
    change = one("<p><a href=/a>x</a></p>", "<p><a href=/b?c=1&amp;d>x</a></p>")
    assert (change.kind, change.links) == ("changed", (Piece("removed", "/a"), Piece("added", "/b?c=1&d")))


def test_a_table_is_compared_cell_by_cell() -> None:
    old = "<table><caption>Bảng 1</caption><tr><td>Chợ</td><td>1.240</td></tr><tr><td>Cộng</td><td>8</td></tr></table>"
    change = one(old, old.replace("1.240", "1.250").replace("</table>", "<tr><td>Thêm</td><td>9</td></tr></table>"))
    assert [row.kind for row in change.rows] == ["same", "changed", "same", "added"]
    assert [cell.kind for cell in change.rows[1].cells] == ["same", "changed"]
    assert change.rows[1].cells[1].pieces == (Piece("removed", "1.240"), Piece("added", "1.250"))


def test_a_column_that_came_is_told_in_each_row() -> None:
    change = one(
        "<table><tr><td>một</td><td>hai</td></tr></table>", "<table><tr><td>một</td><td>ba</td><td>hai</td></tr></table>"
    )
    assert [cell.kind for cell in change.rows[0].cells] == ["same", "added", "same"]


def test_a_picture_s_words_and_caption_and_file_are_told_apart() -> None:
    figure = f"<figure><img src={A} alt='chợ cũ'><figcaption>Ảnh chợ Châu Ổ</figcaption></figure>"
    assert one(figure, figure.replace("chợ cũ", "chợ mới")).alt == (
        Piece("same", "chợ"),
        Piece("removed", " cũ"),
        Piece("added", " mới"),
    )
    assert one(figure, figure.replace("Châu Ổ", "Bình Sơn")).kind == "changed"
    replaced = one(figure, figure.replace(A, B))
    assert (
        replaced.kind,
        replaced.old_picture and replaced.old_picture.src,
        replaced.new_picture and replaced.new_picture.src,
    ) == (*("changed", A, B),)


@pytest.mark.parametrize(("old", "new", "kind"), [("", "x", "added"), ("x", "", "removed")])
def test_a_picture_that_came_or_went_is_told(old: str, new: str, kind: str) -> None:
    figure = f"<figure><img src={A} alt=a></figure>"
    assert one(old and figure, new and figure).kind == kind


@pytest.mark.slow(why="compares texts of a megabyte")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>a b c d</p>" * 70_000, "<p>a b c e</p>" * 70_000),
        ("<p>a</p><p>b</p>" * 9_000, "<p>b</p><p>c</p>" * 9_000),
        ("<p>" + "một hai " * 90_000 + "</p>", "<p>" + "hai ba " * 90_000 + "</p>"),
        ("<table><tr>" + "<td>a b</td>" * 15_000 + "</tr></table>", "<table><tr>" + "<td>a c</td>" * 15_000 + "</tr></table>"),
        (
            "<table>" + "<tr><td>a</td><td>b</td></tr>" * 6_000 + "</table>",
            "<table>" + "<tr><td>b</td><td>c</td></tr>" * 6_000 + "</table>",
        ),
    ],
    ids=["paragraphs", "short paragraphs", "one paragraph", "one row", "rows"],
)
def test_nothing_takes_longer_than_a_reader_waits(old: str, new: str) -> None:
    began = time.process_time()
    compare(old, new)
    assert time.process_time() - began < 30, "a second or two; every pair of parts would take minutes"
