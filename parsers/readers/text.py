"""Plain text: every line is a paragraph, so that the lines joined are the file again; but tables that are
drawn with characters, or stand in a text as tags of HTML, are grids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from parsers.document import Block, Container, Document, Paragraph, Table
from parsers.readers import html
from parsers.readers.drawn import tables_in
from parsers.remarks import Remark, RemarkKind
from parsers.words.encoding import decode
from parsers.words.text import PAGE_NUMBER, repair

ORDER = 90
LARGEST, MOST_LINES = 4 * 1024 * 1024, 50_000
_ROW = re.compile(r"<tr\b", re.I)
_FEED = "\f"
_COUNTED = re.compile(r"(?:^|(?<=\s))(\d{1,4}) ?/ ?(\d{1,4})\s*$")
_RUNNING = re.compile(r"://|www\.|报告|年报|\d:\d\d")
_STAMPED = re.compile(r"://|\d:\d\d")  # wherever the making of a text put it
_TITLE = re.compile(r"公开.{0,20}(?:报告|年报)\s*$")
_NEAR, _LONGEST_HEAD, _ON_EACH_PAGE = 3, 160, 3
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")


def claims(data: bytes) -> bool:
    """Bytes that decode to text with hardly a control character in the first 64 KB."""
    text, _ = decode(data[:65536])
    return len(_ODD.findall(text)) <= len(text) // 50


def read(data: bytes) -> list[Document]:
    """One document of at most `LARGEST` bytes and `MOST_LINES` lines; places are `line N`."""
    text, _ = decode(data[:LARGEST])
    text = repair(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", f"\n{_FEED}"))
    lines = text.split("\n")
    blocks = tuple(_blocks("\n".join(_without_running_heads(lines[:MOST_LINES]))))
    remarks = [Remark(RemarkKind.UNDECODED)] if "\ufffd" in text else []
    if len(data) > LARGEST or len(lines) > MOST_LINES:
        remarks.append(Remark(RemarkKind.TEXT_CUT, {"bytes": LARGEST, "lines": MOST_LINES}))
    return [Document(Container.TEXT, blocks, remarks=tuple(remarks))]


def _without_running_heads(lines: list[str]) -> list[str]:
    """The lines; the titles, addresses and hours that are printed again at each page are empty, so that every
    line keeps its number."""
    bare = [line.removeprefix(_FEED) for line in lines]
    said = [number for number, line in enumerate(bare) if line and not line.isspace()]
    counts = {
        place: found
        for place, number in enumerate(said)
        if "/" in bare[number] and (found := _COUNTED.search(bare[number]))
    }
    ends = {
        place
        for place, number in enumerate(said)
        if lines[number] != bare[number] or PAGE_NUMBER.fullmatch(bare[number])
    }
    ends |= counts.keys() if _are_of_pages([*counts.values()]) else set()
    again = {*_titles_again(bare)}
    if len(ends) > 1:
        again |= _heads_again(bare, said, ends)
        again |= {said[place] for place in counts.keys() & ends if not _without_count(bare[said[place]])}
    return ["" if number in again else line for number, line in enumerate(bare)]


def _titles_again(lines: Sequence[str]) -> Iterator[int]:
    """The lines that say a title once more which stands there too often to be that of other reports."""
    titles = [(number, line.strip()) for number, line in enumerate(lines) if _TITLE.search(line)]
    times, seen = Counter(title for _, title in titles), set()
    for number, title in titles:
        if times[title] >= _ON_EACH_PAGE and title in seen:
            yield number
        seen.add(title)


def _heads_again(lines: Sequence[str], said: Sequence[int], ends: Collection[int]) -> set[int]:
    """The lines near the ends of pages, or with an hour or an address, that say what others there say."""
    near = {place for end in ends for place in range(end - _NEAR, end + _NEAR + 1)}
    heads = {
        number: _head(lines[number])
        for place, number in enumerate(said)
        if place in near or _STAMPED.search(lines[number])
    }
    times = Counter(heads.values())
    return {number for number, head in heads.items() if head and times[head] > 1} - {*said[:_NEAR]}


def _are_of_pages(counts: list[re.Match[str]]) -> bool:
    """Whether numbers such as 2/5 count pages: they go up, of one whole."""
    numbers = [int(count[1]) for count in counts]
    wholes = {int(count[2]) for count in counts}
    return len(wholes) == 1 and numbers == sorted({*numbers}) and numbers[-1] <= wholes.pop()


def _head(line: str) -> str:
    """What a line may say at every page: a title, an address or an hour, without the number of the page."""
    text = _without_count(line)
    return text if len(text) <= _LONGEST_HEAD and _RUNNING.search(text) else ""


def _without_count(line: str) -> str:
    return _COUNTED.sub("", line).strip()


def _blocks(text: str) -> Iterator[Block]:
    """The lines, with a grid in the place of each table that is written in tags."""
    source, line = text.encode("utf-8", "replace"), 1
    for number, part in enumerate(html.apart(source) if "<t" in text.lower() else [source]):
        printed = part.decode()
        if number % 2:
            rows = [line + printed.count("\n", 0, row.start()) for row in _ROW.finditer(printed)]
            yield from (_placed(block, rows) for block in html.blocks_of(printed))
        else:
            yield from _lines(printed.removesuffix("\n").split("\n"), line)
        line += printed.count("\n")


def _placed(block: Block, rows: Sequence[int]) -> Block:
    """A block of a table written in tags, with the lines of the text at which its rows begin."""
    first = f"line {rows[0]}" if rows else ""
    if isinstance(block, Paragraph):
        return block._replace(place=first)
    cells = (
        cell._replace(place=f"line {rows[cell.row]}" if cell.row < len(rows) else first)
        for cell in block.cells
    )
    return Table(tuple(cells), first)


def _lines(lines: Sequence[str], first: int) -> Iterator[Block]:
    at = 0
    for start, end, table in tables_in(lines, first):
        yield from _paragraphs(lines[at:start], first + at)
        yield table
        at = end
    yield from _paragraphs(lines[at:], first + at)


def _paragraphs(lines: Sequence[str], first: int) -> Iterator[Paragraph]:
    return (Paragraph(line, f"line {number}") for number, line in enumerate(lines, first))
