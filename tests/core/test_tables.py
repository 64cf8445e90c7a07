"""Columns of figures in a table stand to the right; other columns, and tables that are not plain, stay as they are."""

import pytest

from portal.core.html import rich
from portal.core.tables import lined_up

HEAD = "<thead><tr><th>Nơi</th><th>Số</th><th>Tỷ lệ</th></tr></thead>"
BODY = "<tbody><tr><td>Chợ</td><td>1.240</td><td>93,9%</td></tr><tr><td>Cộng</td><td>8</td><td>100 %</td></tr></tbody>"


def test_columns_of_figures_are_marked_with_their_heads() -> None:
    html = lined_up(f"<table>{HEAD}{BODY}</table>")
    assert '<th>Nơi</th><th class="figure">Số</th><th class="figure">Tỷ lệ</th>' in html
    assert '<td>Chợ</td><td class="figure">1.240</td><td class="figure">93,9%</td>' in html


def test_attributes_of_cells_stay() -> None:
    assert '<th class="figure" scope="col">Số</th>' in lined_up(
        '<table><tr><th scope="col">Số</th></tr><tr><td>1</td></tr></table>'
    )


@pytest.mark.parametrize("cell", ["16/07/2022", "8:00", "Chợ", "", "1 hộp", "<strong>1</strong>", "0255 000 0000"])
def test_a_column_with_anything_else_is_left(cell: str) -> None:
    table = f"<table><tr><td>1</td></tr><tr><td>{cell}</td></tr></table>"
    assert lined_up(table) == table


@pytest.mark.parametrize("attribute", ['colspan="2"', 'rowspan="2"'])
def test_a_table_with_joined_cells_is_left(attribute: str) -> None:
    table = f"<table><tr><td {attribute}>1</td></tr><tr><td>2</td></tr></table>"
    assert lined_up(table) == table


def test_a_table_within_a_table_is_left() -> None:
    table = "<table><tr><td><table><tr><td>1</td></tr></table></td></tr></table>"
    assert lined_up(table) == table


def test_each_table_is_looked_at_by_itself() -> None:
    html = lined_up("<table><tr><td>1</td></tr></table><p>1</p><table><tr><td>a</td></tr></table>")
    assert html == '<table><tr><td class="figure">1</td></tr></table><p>1</p><table><tr><td>a</td></tr></table>'


def test_an_article_s_table_is_framed_and_lined_up() -> None:
    assert '<table><tbody><tr><td class="figure">7</td></tr></tbody></table></div>' in rich("<table><tr><td>7</td></tr></table>")
