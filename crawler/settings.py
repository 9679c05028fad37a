"""How Scrapy runs here: polite, obedient, bounded, and with every door closed that is open by default."""

from __future__ import annotations

from typing import Any

USER_AGENT = (
    "Nianbao/0.1 (+https://github.com/nianbao/nianbao;"
    " archive of annual reports on open government information)"
)
BOT_NAME = "nianbao"
SPIDER_MODULES = ["crawler.spiders"]
DEFAULT_DELAY = 3.0
BUDGET = 8000
"""Requests to one host in one run, at most: what a night of eight hours holds at the polite delay."""

# Doors that Scrapy opens by itself: a port that runs code, a telnet console, file:, ftp:, s3:, data:.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
HTTPPROXY_ENABLED = False
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    **dict.fromkeys(("http", "https"), "crawler.net.tls.Handler"),
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}

# Manners: robots.txt, one connection a host, a delay that grows with the server's own slowness.
ROBOTSTXT_OBEY = True
# Hosts that never answer hold their place for half a minute: others must not wait for it.
CONCURRENT_REQUESTS = 256
# Names are looked up in threads, and some name servers never answer.
# Answers that processes look through must not keep Scrapy from asking others: `readers.ROOM` bounds them.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 256 * 1024 * 1024
REACTOR_THREADPOOL_MAXSIZE = 40
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Our callbacks give no items; Scrapy would start this many workers after each of them.
CONCURRENT_ITEMS = 1
DOWNLOAD_DELAY = DEFAULT_DELAY
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = DEFAULT_DELAY
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
# Our throttle lets the delay of a host fall again after answers such as 304. The others are not used: Scrapy
# imports an extension that is switched off by its own setting, but not one that is None here.
EXTENSIONS: dict[str, int | None] = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.logstats.LogStats": None,
    "crawler.net.pulse.Pulse": 0,
    "crawler.net.throttle.Throttle": 0,
    "crawler.net.room.Room": 0,
    "crawler.engine.leaving.Leaving": 0,
}

# Bounds on what a server can do to us.
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
MAX_PAGE = 32 * 1024 * 1024
"""Bytes of what was not linked as a file, packed or not."""
DOWNLOAD_WARNSIZE = 0
# Seconds for a page the first time; a file has twice as long, and so has what is asked once more.
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "crawler.net.resolver.GuardedResolver"
URLLENGTH_LIMIT = 4096
COOKIES_ENABLED = False

# Ours: the queue, the retries and the redirects live in the archive.
SCHEDULER = "crawler.engine.scheduler.ArchiveScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
REFERER_ENABLED = False
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.engine.robots.GuardMiddleware": 50,
    "crawler.engine.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.net.unpacking.Unpacking": 590,
}
SPIDER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
DEFAULT_REQUEST_HEADERS = {"Accept": "*/*", "Accept-Language": "zh-CN,zh;q=0.9"}

LOG_LEVEL = "WARNING"
LOG_INSTALL_ROOT_HANDLER = False
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
NIANBAO_ALLOW_PRIVATE = False


def for_crawl(delay: float | None, allow_private: bool) -> dict[str, Any]:
    """The settings of one crawl."""
    values = {name: value for name, value in globals().items() if name.isupper()}
    pause = DEFAULT_DELAY if delay is None else delay
    return {
        **values,
        "DOWNLOAD_DELAY": pause,
        "AUTOTHROTTLE_START_DELAY": pause,
        "NIANBAO_ALLOW_PRIVATE": allow_private,
    }
