"""Two versions of one text are put together paragraph by paragraph, and nothing of either is lost unasked."""

from hypothesis import given

from portal.core.blocks import blocks, joined
from portal.core.html import clean
from portal.core.merging import Choice, assemble, merged
from tests.core.test_differences import bodies

BASE = "<p>một hai ba bốn</p><p>năm sáu bảy tám</p><p>chín mười</p>"


def plain(html: str) -> str:
    """Return HTML as it comes back: without white space between blocks and without empty lists."""
    return clean(joined(blocks(html)))


@given(bodies, bodies)
def test_what_only_one_changed_needs_nobody(base: str, changed: str) -> None:
    assert assemble(merged(base, changed, base), {}) == plain(changed)
    assert assemble(merged(base, base, changed), {}) == plain(changed)


@given(bodies, bodies)
def test_what_both_made_alike_needs_nobody(base: str, changed: str) -> None:
    groups = merged(base, changed, changed)
    assert {group.state for group in groups} <= {"same"}
    assert assemble(groups, {}) == plain(changed)


@given(bodies, bodies, bodies)
def test_each_version_can_be_chosen_whole(base: str, mine: str, theirs: str) -> None:
    groups = merged(base, mine, theirs)
    for side, version in (("mine", mine), ("theirs", theirs)):
        chosen: dict[int, Choice] = dict.fromkeys(range(len(groups)), side)  # type: ignore[arg-type]
        assert [block.html for block in blocks(assemble(groups, chosen))] == [block.html for block in blocks(plain(version))]


@given(bodies, bodies, bodies)
def test_without_a_choice_no_paragraph_that_somebody_wrote_is_missing(base: str, mine: str, theirs: str) -> None:
    kept = assemble(merged(base, mine, theirs), {})
    was = {block.html for block in blocks(base)}
    written = {block.html for version in (mine, theirs) for block in blocks(plain(version))}
    assert [html for html in written - was if html not in kept] == []


def test_texts_in_no_element_do_not_run_into_each_other() -> None:
    assert assemble(merged("<p>giữa</p>", "trên<p>giữa</p>", "trước<p>giữa</p>"), {}) == "trên<br>trước<p>giữa</p>"


def test_changes_in_two_paragraphs_go_together() -> None:
    mine, theirs = BASE.replace("hai", "HAI"), BASE.replace("mười", "MƯỜI")
    groups = merged(BASE, mine, theirs)
    assert [group.state for group in groups] == ["mine", "same", "theirs"]
    assert assemble(groups, {}) == mine.replace("mười", "MƯỜI")


def test_a_paragraph_that_both_changed_is_chosen() -> None:
    groups = merged(BASE, BASE.replace("bảy", "7"), BASE.replace("tám", "8"))
    assert [group.state for group in groups] == ["same", "both", "same"]
    assert groups[1].html("mine") == "<p>năm sáu 7 tám</p>"
    assert assemble(groups, {1: "theirs"}) == BASE.replace("tám", "8")
    assert assemble(groups, {1: "base"}) == BASE


def test_a_paragraph_that_one_changed_and_the_other_took_out_is_chosen() -> None:
    groups = merged(BASE, BASE.replace("bảy", "7"), BASE.replace("<p>năm sáu bảy tám</p>", ""))
    assert [group.state for group in groups] == ["same", "both", "same"]
    assert groups[1].html("theirs") == ""


def test_paragraphs_that_both_put_in_one_place_both_stay() -> None:
    groups = merged(BASE, "<p>của tôi</p>" + BASE, "<p>phần kia</p>" + BASE)
    assert assemble(groups, {}) == "<p>của tôi</p><p>phần kia</p>" + BASE


def test_items_of_a_list_are_chosen_one_by_one_and_the_list_stays_one() -> None:
    base = "<ul><li>một hai</li><li>ba bốn</li></ul>"
    mine, theirs = "<ul><li>mới tinh</li><li>một hai</li><li>ba bốn</li></ul>", base.replace("bốn", "4")
    assert assemble(merged(base, mine, theirs), {}) == mine.replace("bốn", "4")
