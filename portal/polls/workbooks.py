"""Lines of a sheet as a workbook for Excel (XLSX)."""

import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (48, 16, 16)
"""Of the columns, in letters."""


def workbook(title: str, lines: Iterable[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet: numbers as numbers, everything else as text that is never computed."""
    octets = io.BytesIO()
    with Workbook(octets, {"in_memory": True}) as book:
        book.set_properties({"title": title})
        sheet, wrapped = book.add_worksheet(), book.add_format({"text_wrap": True, "valign": "top"})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(row, column, value, wrapped)
                else:
                    sheet.write_string(row, column, str(value), wrapped)
    return octets.getvalue()
