"""The signs and rules of one page, drawn within a budget; what a viewer does not show is set apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pdfminer.layout import LTChar, LTContainer
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import stream_value
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from parsers.readers.pdf.limits import OF_A_FORM, Budget

HIDDEN = "nianbao:hidden"
"""The tag of a sign that is not seen: drawn without ink, or covered by a picture of the whole page."""

_INKLESS = (3, 7)  # text rendering modes (ISO 32000-1, table 106)
_WHOLE = 0.8  # of a page: what a picture covers that lies over its text


class _Drawing(PDFPageAggregatorWithMarkedContent):
    """Collects what is drawn, spends for it, and marks the signs that are not seen."""

    def __init__(self, manager: Any, number: int, budget: Budget) -> None:
        super().__init__(manager, pageno=number, laparams=None)
        self.budget = budget
        self._inkless = False
        self._page: Any = None

    def begin_page(self, page: Any, ctm: Any) -> None:
        super().begin_page(page, ctm)
        self._page = self.cur_item

    def render_string(self, textstate: Any, *rest: Any) -> None:
        self._inkless = textstate.render in _INKLESS
        super().render_string(textstate, *rest)

    def render_char(self, *arguments: Any, **named: Any) -> float:
        self.budget.spend(signs=1)
        advance = super().render_char(*arguments, **named)
        if self._inkless:
            sign: Any = self.cur_item._objs[-1]
            sign.tag = HIDDEN
        return float(advance)

    def paint_path(self, *arguments: Any, **named: Any) -> None:
        self.budget.spend(signs=1)
        super().paint_path(*arguments, **named)

    def render_image(self, name: str, stream: Any) -> None:
        self.budget.spend(signs=1)
        super().render_image(name, stream)
        figure = self.cur_item
        seen_through = any(stream.get(key) for key in ("SMask", "Mask", "ImageMask"))
        if not seen_through and figure.width * figure.height > _WHOLE * self._page.width * self._page.height:
            for sign in _signs(self._page):
                sign.tag = HIDDEN


def _signs(container: Any) -> Iterator[Any]:
    for item in container._objs:
        if isinstance(item, LTChar):
            yield item
        elif isinstance(item, LTContainer):
            yield from _signs(item)


class _Interpreter(PDFPageInterpreter):
    """Spends for each byte of content, that of a form as often as it is drawn, and for looking it up."""

    device: _Drawing

    def execute(self, streams: Sequence[object]) -> None:
        for stream in streams:
            self.device.budget.spend(drawn=len(stream_value(stream).get_data()) + OF_A_FORM)
        super().execute(streams)


def lay_out(page: Any, budget: Budget) -> None:
    """Draws a page of pdfplumber within what is left of the budget; raises TooMuch when that is not
    enough."""
    own = budget.page()
    before = (own.drawn, own.signs)
    drawing = _Drawing(page.pdf.rsrcmgr, page.page_number, own)
    try:
        _Interpreter(page.pdf.rsrcmgr, drawing).process_page(page.page_obj)
    finally:
        budget.drawn -= before[0] - own.drawn
        budget.signs -= before[1] - own.signs
    page._layout = drawing.get_result()
