"""Columns of figures in a table stand to the right, so that their places line up (LOOK 1.4). A pure rule over clean HTML."""

import re

TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])( [^>]*)?>(.*?)</\1>", re.DOTALL)
FIGURE = re.compile(r"[+\-−]?[0-9][0-9.,]*(?: ?%)?")


def lined_up(html: str) -> str:
    """Return HTML in which the cells of columns that hold nothing but figures have the class "figure".

    A table with joined cells or with another inside it is left as it is.
    """
    return TABLE.sub(lambda found: _marked(found[0]), html)


def _marked(table: str) -> str:
    if "span=" in table or table.count("<table>") > 1:
        return table
    columns = _columns_of_figures(table)

    def mark_row(row: re.Match[str]) -> str:
        places = iter(range(row[1].count("</t")))
        return CELL.sub(lambda cell: _cell(cell) if next(places, -1) in columns else cell[0], row[0])

    return ROW.sub(mark_row, table) if columns else table


def _cell(cell: re.Match[str]) -> str:
    return f'<{cell[1]} class="figure"{cell[2] or ""}>{cell[3]}</{cell[1]}>'


def _columns_of_figures(table: str) -> set[int]:
    figures, others = set[int](), set[int]()
    for row in ROW.finditer(table):
        for place, cell in enumerate(CELL.finditer(row[1])):
            if cell[1] == "td":
                (figures if FIGURE.fullmatch(cell[3].strip()) else others).add(place)
    return figures - others
