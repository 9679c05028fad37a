"""What is asked for beside the queue, because what is to be made of an answer depends on it."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK


async def ask(spider: Spider, url: str) -> Response | None:
    """The answer to one more address, with the manners of every request; None where it may not be asked, or
    does not answer: what is wrong with the host, its own pages will say."""
    engine: Any = spider.crawler.engine
    try:
        response: Response = await engine.download_async(
            Request(url, callback=NO_CALLBACK, meta={"handle_httpstatus_all": True})
        )
    except Exception:
        return None
    return response
