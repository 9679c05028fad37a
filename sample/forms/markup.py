"""A report as HTML, in three skins: a plain table, an editor's table, and one pasted from Word."""

from __future__ import annotations

from html import escape

from sample.forms.layout import Grid, Slot
from sample.forms.sheet import Heading, Part, Sheet, sheet_of
from sample.truth import Text, Truth

_LATIN = frozenset("0123456789.+-")


def as_html(report: Truth, text: Text | None = None, skin: int | None = None) -> str:
    """The body of the report (or of another text of it) as HTML, without a page around it."""
    skin = report.skin if skin is None else skin
    return html_of(sheet_of(report, text, signs=skin != 0), skin)


def html_of(sheet: Sheet, skin: int) -> str:
    """The parts of `sheet` as HTML in one of the skins, without its title and without a page around it."""
    return "\n".join(_part(part, skin) for part in sheet.parts)


def _part(part: Part, skin: int) -> str:
    if isinstance(part, Heading):
        return _heading(part.text, skin)
    if isinstance(part, Grid):
        return (plain_table, _editor_table, _word_table)[skin](part)
    return _paragraph(part, skin)


def _heading(text: str, skin: int) -> str:
    if skin == 2:
        return _word_paragraph(
            f'<b><span style="font-family:黑体;mso-bidi-font-family:宋体">{escape(text)}</span></b>'
        )
    return f"<p><strong>{escape(text)}</strong></p>" if skin else f"<h3>{escape(text)}</h3>"


def _paragraph(text: str, skin: int) -> str:
    if skin == 2:
        return _word_paragraph(f'<span style="font-size:16.0pt;font-family:仿宋_GB2312">{_runs(text)}</span>')
    return f'<p style="text-indent: 2em;">{escape(text)}</p>' if skin else f"<p>　　{escape(text)}</p>"


def _word_paragraph(inside: str) -> str:
    return (
        f'<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0">{inside}<o:p></o:p></p>'
    )


def _runs(text: str) -> str:
    """Word sets Latin text apart from Chinese: each number gets a run of its own."""
    runs: list[str] = []
    for character in text:
        latin = character in _LATIN
        if runs and (runs[-1][0] in _LATIN) == latin:
            runs[-1] += character
        else:
            runs.append(character)
    return "".join(
        f'<span lang="EN-US">{escape(run)}</span>' if run[0] in _LATIN else escape(run) for run in runs
    )


def _spans(slot: Slot) -> str:
    rows = f' rowspan="{slot.rowspan}"' if slot.rowspan > 1 else ""
    return rows + (f' colspan="{slot.colspan}"' if slot.colspan > 1 else "")


def plain_table(grid: Grid) -> str:
    """The table as HTML, with nothing but what it needs."""
    rows = (
        "<tr>" + "".join(f"<td{_spans(slot)}>{escape(slot.text)}</td>" for slot in row) + "</tr>"
        for row in grid.rows()
    )
    return '<table border="1" cellspacing="0" width="100%">\n' + "\n".join(rows) + "\n</table>"


def _editor_table(grid: Grid) -> str:
    def cell(slot: Slot) -> str:
        text = escape(slot.text) or "<br/>"
        style = "border: 1px solid windowtext; padding: 0 7px;"
        return (
            f'<td{_spans(slot)} valign="center" style="{style}"><p style="text-align:center">{text}</p></td>'
        )

    first = ' class="firstRow"'
    rows = (
        f"<tr{first if not number else ''}>" + "".join(map(cell, row)) + "</tr>"
        for number, row in enumerate(grid.rows())
    )
    return (
        '<div align="center"><table class="noBorderTable" data-sort="sortDisabled"><tbody>\n'
        + "\n".join(rows)
        + "\n</tbody></table></div>"
    )


def _word_table(grid: Grid) -> str:
    def cell(slot: Slot) -> str:
        text = _broken_label(slot) if slot.text else '<span lang="EN-US">&nbsp;</span>'
        width = 56 * slot.colspan
        return (
            f'<td width="{width}"{_spans(slot)} style="width:{width}.0pt;border:solid windowtext 1.0pt;'
            f'mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt">'
            f'<p class="MsoNormal" align="center"><span style="font-size:9.0pt">{text}<o:p></o:p></span></p>'
            "</td>"
        )

    rows = (
        f'<tr style="mso-yfti-irow:{number};height:1.0cm">' + "".join(map(cell, row)) + "</tr>"
        for number, row in enumerate(grid.rows())
    )
    return (
        '<table class="MsoNormalTable" border="0" cellpadding="0" '
        'style="border-collapse:collapse;mso-yfti-tbllook:1184">\n'
        + "\n".join(rows)
        + "\n<!--[if !supportMisalignedColumns]><tr height=0><td width=56></td></tr><![endif]-->\n</table>"
    )


def _broken_label(slot: Slot) -> str:
    """A narrow label stands on two lines (商业 企业)."""
    if slot.code is None and len(slot.text) == 4 and slot.colspan == 1:
        return f"{slot.text[:2]}<br />\n{slot.text[2:]}"
    return _runs(slot.text)
