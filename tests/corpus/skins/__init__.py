"""A seeded random grammar of government sites: lists, pagers, page skins, and the noise around an article.

`make(seed, sites)` draws a country of such sites with known truth, `Server` shows it night by night, and `grade`
compares an archive with it. The grammar is drawn from what real sites do, by words, markup and protocols; no skin is
made for a reader of ours. A seed whose pages somebody has looked at says nothing any more about unseen sites.
"""

from .grading import Grade, grade
from .server import Server
from .sites import Country, make

__all__ = ["Country", "Grade", "Server", "grade", "make"]
