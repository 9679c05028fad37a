"""Runs of table text without line breaks, and labels with their digits run on to them, taken apart at known
labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from parsers.codebook import NUMBERS, Row, bare, forms, forms_in, local_labels, tables
from parsers.forms import Layout, forms_cache
from parsers.words.chars import without_space
from parsers.words.labels import fold
from parsers.words.units import COUNTED, one_of

_ENUMERATOR = (
    r"(?:[（(]\s*[一二三四五六七八九十]{1,2}\s*[)）]\s*|[一二三四五六七八九十]\s*、\s*|\d\s*[.．、]\s*)"
)
_TABLE_START = re.compile(r"第二十条第|信息内容|本年新收政府信息公开申请数量|未经复议直接起诉")
_LIST_START = re.compile(r"政府网站公开政府信息数|政务微博公开政府信息数|传真申请数|同意部分公开答复数")
SHORTEST_LINE, SHORTEST_RUN, ROWS_OF_A_RUN, LONGEST_LIST_LINE = 30, 200, 8, 100
_UNIT = one_of(COUNTED)
_LIST_LINE = re.compile(rf"(?P<label>.{{4,70}}?)\s*[:：]?\s*(?P<value>\d[\d,，.]*\s*{_UNIT}?)[。；;，,、.]?")
_COMMAS = frozenset(",，")
_TOUCHING, LONGEST_TOUCHING = re.compile(r"[\u4e00-\u9fff]+$"), 40
_MARKS = frozenset(":：,，;；、")
_VALUE = f"0123456789０１２３４５６７８９{''.join(COUNTED)}。；;，,、.:： \t\u3000"
_MARK = r"\s*+[:：,，;；、]?+\s*+"  # gives nothing back, so that time grows with the length of a gap
_FIGURE = re.compile(
    rf"(?P<mark>{_MARK})(?:(?P<unit>{_UNIT})(?P<gap>{_MARK}))?(?P<value>\d{{1,3}}(?:[,，]\d{{3}})+|\d+(?:[.．]\d+)?)"
    rf"(?P<own>\s*+{_UNIT})?(?P<end>\s*+[,，;；。、]\s*+|\s++|$)(?![\s\d,，;；。、.．])"
)
"""What stands between the label of a row and the next one where it is one figure, its unit before it or
behind it."""
_QUOTES = '[“”"]'
_NUMBER = re.compile(r"\d[\d,，.]*\d|\d")
BROKEN = re.compile(r"\d(?:\s+[.,．，]\s*|[.,．，]\s+)(?=\d)")
"""Where a number is in pieces: 0 . 5."""
_LIST_VALUES = re.compile(rf"(?:[\s\d.,，．\-—/－]|{_UNIT})*")


@forms_cache()
def _row_label() -> str:
    labels = {row.own_label for form in forms_in(Layout.BLOCKS, Layout.MATRIX) for row in form.rows}
    patterns = []
    for label in sorted(labels, key=len, reverse=True):
        bare = re.sub(rf"^{_ENUMERATOR}", "", label)
        spaced = r"\s*".join(re.escape(character) for character in re.sub(r"（[^（）]*）$", "", bare))
        required = "?" if len(bare) > 2 or bare == "规章" else ""
        patterns.append(f"{_ENUMERATOR}{required}{spaced}")
    return rf"(?:{'|'.join(patterns)})(?:\s*[（(][^）)]{{0,40}}[)）])?"


@forms_cache()
def glued_label() -> re.Pattern[str]:
    """A known row label with its digits run on to it: `规章000`."""
    return re.compile(rf"(?P<label>{_row_label()})(?P<digits>[+-]?\d[\d+.-]*)")


@forms_cache()
def _label_in_run() -> re.Pattern[str]:
    return re.compile(_row_label())


def is_row_label(text: str) -> bool:
    """Whether a text is the label of a row of table 2 or 3."""
    return _label_in_run().fullmatch(text) is not None


def list_line(text: str) -> list[str] | None:
    """`1.当面申请数：3件` as label and value, where the label is a row of the lists of indicators; else
    None."""
    last = fold(text.rstrip(_VALUE)[-1:])
    if last and last not in _ends_of_list_names():
        return None  # as most lines of prose: a look at one character is cheap
    ends_in_a_number = any(map(str.isdigit, text[-6:]))
    match = _LIST_LINE.fullmatch(text) if ends_in_a_number and len(text) < LONGEST_LIST_LINE else None
    if match and match["label"][-1] in _COMMAS and not _COMMAS.isdisjoint(match["value"]):
        return None  # the figures of two columns, and not one of thousands
    if match and _list_names() & {fold(match["label"]), bare(match["label"])}:
        return [match["label"], match["value"]]
    return None


@forms_cache()
def _list_names() -> frozenset[str]:
    return frozenset(name for row in _list_rows() for name in row.names)


@forms_cache()
def _ends_of_list_names() -> frozenset[str]:
    """What may be the last character before the value."""
    return frozenset((*_VALUE, *(name.rstrip(_VALUE)[-1:] for name in _list_names())))


def _list_rows() -> list[Row]:
    return [row for form in forms_in(Layout.LIST, Layout.LOCAL) for row in form.rows]


@forms_cache()
def _list_label() -> re.Pattern[str]:
    own = {re.sub("（[^（）]*）$", "", NUMBERS.sub("", row.own_label)) for row in _list_rows()}
    plain = {
        re.sub(_QUOTES, "", label)
        for label in own
        | {label for table, label, _ in local_labels() if table in tables(Layout.LIST, Layout.LOCAL)}
    }
    labels = sorted((label for label in plain if len(label) > 4), key=len, reverse=True)
    spaced = "|".join(rf"(?:\s|{_QUOTES})*".join(map(re.escape, label)) for label in labels)
    return re.compile(
        rf"(?:其中[:：]\s*)?(?:{_ENUMERATOR}|[(（]\d{{1,2}}[)）]){{0,4}}{_QUOTES}?(?:{spaced})(?:[（(][^）)]{{0,60}}[)）])?"
    )


@forms_cache()
def _numbered_label() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?<![\d.,，])(?P<serial>\d{{1,2}})\s*[.．、]\s*)?(?P<label>{_list_label().pattern})"
    )


def take_apart(text: str) -> list[str]:
    """The lines of a text that may be a table run together; a text that is none comes back whole."""
    if len(text) > SHORTEST_RUN and _LIST_START.search(text):
        labels = list(_list_label().finditer(text))
        if len(labels) >= ROWS_OF_A_RUN:
            return [piece for piece in _list_rows_in(text, labels) if piece.strip()]
    return _rows_in_run(text) if len(text) > SHORTEST_LINE and _TABLE_START.search(text) else [text]


def _list_rows_in(text: str, labels: list[re.Match[str]]) -> Iterator[str]:
    numbered = list(_numbered_label().finditer(text))
    if _count_up(numbered):
        labels = numbered
        starts, ends = [match.start("label") for match in labels], [match.start() for match in labels]
    else:
        starts = [*map(_start, labels)]
        starts[0] = _start_of_words(text, starts[0])
        ends = starts
    rests = [text[match.end() : end] for match, end in zip(labels, [*ends[1:], len(text)], strict=True)]
    read = _one_figure(rests, labels[-1].group()) if _are_marked(rests) else _values
    yield text[: starts[0]]
    for match, start, rest in zip(labels, starts, rests, strict=False):
        cells, taken = read(rest)
        yield "\t".join([text[start : match.end()], *cells])
        yield rest[taken:]


def _count_up(labels: list[re.Match[str]]) -> bool:
    """Whether the rows are numbered one after another; the form's own numbers begin again with each of its
    parts."""
    numbers = [int(match["serial"] or 0) for match in labels]
    steps = sum(other - one == 1 for one, other in pairwise(numbers))
    return steps * 5 >= (len(numbers) - 1) * 4


def _start_of_words(text: str, label: int) -> int:
    """Where the words begin that touch the first label: 化的主动公开信息数 may be the end of another one."""
    touching = _TOUCHING.search(text[max(0, label - LONGEST_TOUCHING) : label])
    return label - len(touching[0]) if touching else label


def _are_marked(rests: list[str]) -> bool:
    """Whether marks and not only blanks part the cells of a run that has one figure a row, in most rows at
    least."""
    marked = sum(rest.strip()[:1] in _MARKS or rest.rstrip()[-1:] in _MARKS for rest in rests)
    numbers = [count for rest in rests if (count := len(_NUMBER.findall(rest)))]
    return marked * 2 > len(rests) and numbers.count(1) * 2 > len(numbers)


def _values(rest: str) -> tuple[list[str], int]:
    """The cells that follow a label, parted by blanks, and where they end."""
    values = _LIST_VALUES.match(rest)
    taken = values.end() if values else 0
    return _apart(rest[:taken]), taken


def _apart(values: str) -> list[str]:
    """The cells that blanks part; one that says nothing where a number is in pieces, since it may be any of
    them."""
    return [" ".join(values.split())] if BROKEN.search(values) else values.split()


def _one_figure(rests: list[str], last: str) -> Callable[[str], tuple[list[str], int]]:
    """How to read what follows a label where marks part the cells and a row has one figure; `last`: the last
    label.

    What may be several figures, or a part of one, is a cell that says nothing: digits that nothing parts from
    the next label, and those that end the line and are not the last of the form.
    """
    found = {rest: _FIGURE.match(rest) for rest in rests}
    have_units = any(match["own"] for match in found.values() if match)
    is_whole = bare(last) in _last_rows() and not have_units

    def read(rest: str) -> tuple[list[str], int]:
        match = found[rest]
        if match is None:
            return ([rest], len(rest)) if any(map(str.isdigit, rest)) else _values(rest)
        at_end = rest is rests[-1] and match.end() == len(rest)
        ends = match["own"] or match["end"].strip() or (is_whole if at_end else match["end"])
        if not ends or _may_be_of_two_rows(match):
            return [rest], len(rest)
        unit = [match["unit"]] if match["unit"] else []
        return [*unit, match["value"] + (match["own"] or "")], match.end()

    return read


def _may_be_of_two_rows(figure: re.Match[str]) -> bool:
    """Whether other rows or columns may hold a part of it.

    1,234 after a comma that no blank follows may be two figures; 4.2 件 may be 2 behind the number of a row
    without a label; and of two units the first may stand where a figure was left out.
    """
    before = figure["gap"] if figure["unit"] else figure["mark"]
    columns = before[-1:] in _COMMAS and not _COMMAS.isdisjoint(figure["value"])
    serial = "." in figure["value"] and "元" not in f"{figure['unit']}{figure['own']}"
    return columns or serial or bool(figure["unit"] and figure["own"])


@forms_cache()
def _last_rows() -> frozenset[str]:
    """The bare labels with which the lists end."""
    lists = forms_in(Layout.LIST, Layout.LOCAL)
    return frozenset(bare(form.rows[-1].own_label) for form in lists)


def _start(label: re.Match[str]) -> int:
    """Where a label begins: a digit that touches the one before is its number only where its form has that
    number."""
    text, start = label.string, label.start()
    if not (start and text[start].isdigit() and text[start - 1].isdigit()):
        return start
    return start if text[start] in _numbers().get(bare(label.group()), "") else start + 1


@forms_cache()
def _numbers() -> dict[str, str]:
    """The digits that stand before a label in the forms, by its bare words."""
    found: dict[str, str] = {}
    for form in forms().values():
        for row in form.rows:
            name = bare(row.own_label)
            found[name] = found.get(name, "") + row.number
    return found


def _rows_in_run(text: str) -> list[str]:
    """A run of table text without line breaks as lines that begin at each known row label."""
    first = _TABLE_START.search(text)
    labels = list(_label_in_run().finditer(text, first.start())) if first else []
    if first is None or len(labels) < 3:
        return [piece for piece in _row_table(text) if piece.strip()]
    starts = [*map(_start, labels), len(text)]
    head = text[first.start() : starts[0]].replace("信息内容", "\t信息内容\t")
    pieces = [text[: first.start()], head]
    for match, start, end in zip(labels, starts, starts[1:], strict=False):
        pieces += _labelled(text[start : match.end()], text[match.end() : end])
    return [piece for piece in pieces if piece.strip()]


_VALUES = re.compile(r"(?:[\s\d.,，．+＋\-－–−—/／元万件项条]|无(?![\u4e00-\u9fff]))*")
FEWEST_HEAD_WORDS = 12
"""So many words of the head of a table of one row, one after another, are that head and no sentence."""


@forms_cache()
def _words_of_row() -> str:
    """What finds the words of the head of a table of one row, its groups and columns; their characters may
    stand apart."""
    cells = (cell for form in forms_in(Layout.ROW) for cell in form.cells)
    words = {word for cell in cells for word in (*cell.block.split(), cell.col_label)}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(r"\s*".join(map(re.escape, word)) for word in longest_first)


@forms_cache()
def _head_of_row() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{_words_of_row()})\s*){{{FEWEST_HEAD_WORDS},}}")


def _labelled(label: str, rest: str) -> list[str]:
    """A row label with the values that follow, then what else stands before the next row label."""
    values = _VALUES.match(rest)
    taken = values.end() if values else 0
    return [label + "\t" + "\t".join(_apart(rest[:taken])), *_row_table(rest[taken:])]


def _row_table(text: str) -> list[str]:
    """A run of text with the head of a table of one row and its values on lines of their own."""
    head = _head_of_row().search(text)
    values = _VALUES.match(text, head.end()) if head else None
    if head is None or values is None:
        return [text]
    words = re.findall(_words_of_row(), head.group())
    return [
        text[: head.start()],
        "\t".join(map(without_space, words)),
        "\t".join(values.group().split()),
        text[values.end() :],
    ]
