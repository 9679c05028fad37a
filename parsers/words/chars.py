"""Characters as a matcher wants them: folded one for one, so that a place in the text stays a place.

Sources print the same word full width, with Kangxi radicals, or through a traditional-Chinese mirror. The
folded text is only ever matched against; what is kept and shown is always the text as printed.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise

from parsers.words.known import Known
from parsers.words.text import RADICALS

# Characters of the vocabulary of these reports, traditional and simplified, in the same order.
_TRADITIONAL = (
    "開報總體況動機關處請復複訴訟問題進項發產辦結轉條無沒網絡當傳電郵費減統計數據縣鎮鄉區廳務員會規範劃決審調讀訊個萬億餘約對與"
    "麵谘詢編製時間導領執補經過門戶廣東龍華國團興臺灣慶陽長號種標準測運輸銀監稅農業衛營環護氣質場糧財應勞險學單關場講圖書專戰實義"
    "為從無眾佈產減兩訂廢現據請內達線頁載點擊內屬於協議認與級來類別則僅復幾歲歷週祿崗慶樓嶺島灘溝橋莊園濱濟瀋漢魯晉冀寧遼蘇贛鄂瓊滇黔隴"
    "許罰強購採權證檔釋舉參兼職綜層聯糾維終該續確價繳納獲談訪聽儲"
    "構織組繼設話負責錯聞閱際隱額駁熱滿稱穩錄徑訓輿輯紙歸檢積極純練細絕資這還幹術優擇違獨備屆剛創離難雙鏈鐘闆"
)
_SIMPLIFIED = (
    "开报总体况动机关处请复复诉讼问题进项发产办结转条无没网络当传电邮费减统计数据县镇乡区厅务员会规范划决审调读讯个万亿余约对与"
    "面咨询编制时间导领执补经过门户广东龙华国团兴台湾庆阳长号种标准测运输银监税农业卫营环护气质场粮财应劳险学单关场讲图书专战实义"
    "为从无众布产减两订废现据请内达线页载点击内属于协议认与级来类别则仅复几岁历周禄岗庆楼岭岛滩沟桥庄园滨济沈汉鲁晋冀宁辽苏赣鄂琼滇黔陇"
    "许罚强购采权证档释举参兼职综层联纠维终该续确价缴纳获谈访听储"
    "构织组继设话负责错闻阅际隐额驳热满称稳录径训舆辑纸归检积极纯练细绝资这还干术优择违独备届刚创离难双链钟板"
)
_PLAIN = {chr(code): chr(plain) for code, plain in RADICALS.items()} | dict(
    zip(_TRADITIONAL, _SIMPLIFIED, strict=True)
)


def _fold_one(code: int) -> str:
    char = chr(code)
    # A circled or raised digit is a mark, not a number, and must not join the digits beside it.
    if unicodedata.category(char) == "No":
        return char
    plain = unicodedata.normalize("NFKC", char)
    return _PLAIN.get(plain, plain) if len(plain) == 1 else char


_FOLDING = Known(_fold_one, sys.maxunicode)

# Looking comes first: most characters of a report are plain already, and most of the others are these signs.
_SIGNS = {
    "，": ",",
    "：": ":",
    "；": ";",
    "（": "(",
    "）": ")",
    "！": "!",
    "？": "?",
    "\u3000": " ",
    "\u00a0": " ",
}


def _not_plain() -> re.Pattern[str]:
    """One class, so that a text is scanned as fast as for one character: all but what surely stays itself."""
    borders = ["\u4dff", *sorted(char for char in _PLAIN if "\u4e00" <= char <= "\u9fff"), "\ua000"]
    ideographs = (
        f"{chr(ord(one) + 1)}-{chr(ord(two) - 1)}"
        for one, two in pairwise(borders)
        if ord(two) - ord(one) > 1
    )
    return re.compile(rf"[^\x00-\x7f“”‘’—…、。〇《》〔〕【】{''.join(ideographs)}]")


_NOT_PLAIN = _not_plain()


def fold(text: str) -> str:
    """`text` with each character in its plain form; as long as `text`, character for character."""
    if not _NOT_PLAIN.search(text):
        return text
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    return text.translate(_FOLDING) if _NOT_PLAIN.search(text) else text


# White space of any width, the invisible characters that editors leave behind, and the pinyin in brackets
# that copying sites put behind characters: 門(mén)戶網(wǎng)站.
_INVISIBLE = r"\u200b\u200c\u200d\u2060\ufeff\u00ad"
_TONES = r"\u00e0-\u00fc\u0101-\u01dc"
_SPACE = re.compile(rf"(?:[\s{_INVISIBLE}]|[(（][a-z]{{0,4}}[{_TONES}][a-z]{{0,3}}[)）])+")
_RARE = re.compile(f"[{_INVISIBLE}{_TONES}]")
_WORD = re.compile(r"\S+")
_LINE = 2000  # characters; longer ones are not remembered


Span = tuple[int, int]
"""Start and end in a text."""


def without_space(text: str) -> str:
    """`text` as printed, with all white space taken out."""
    return _SPACE.sub("", text) if _RARE.search(text) else "".join(text.split())


def squeeze(text: str) -> tuple[str, Sequence[Span]]:
    """`text` folded and without white space, and the spans of `text` that it was put together from."""
    return _known_squeezed(text) if len(text) <= _LINE else _squeezed(text)


def _squeezed(text: str) -> tuple[str, Sequence[Span]]:
    words = _words(text)
    return fold("".join([text[start:end] for start, end in words])), words


_known_squeezed = lru_cache(maxsize=128)(_squeezed)
"""Each line is asked for more than once while a report is read."""


def compact(text: str) -> str:
    """`text` folded and without white space."""
    return fold(without_space(text))


class Places:
    """Where each character of a squeezed text stands in the text it was made from."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((end - start for start, end in self._spans), initial=0))

    def __getitem__(self, place: int) -> int:
        run = bisect_right(self._starts, place) - 1
        return self._spans[run][0] + place - self._starts[run]


def _words(text: str) -> list[Span]:
    """Start and end of each run of characters without white space in it."""
    if not _RARE.search(text):
        if text.split(None, 1) == [text]:
            return [(0, len(text))]
        return [word.span() for word in _WORD.finditer(text)]
    borders = [0, *chain.from_iterable(space.span() for space in _SPACE.finditer(text)), len(text)]
    return [(start, end) for start, end in zip(borders[::2], borders[1::2], strict=True) if start < end]
