"""Names to addresses, and no way to a private one.

The connection is made to the addresses that pass here, with no second look-up: a name that shows a public
address first and a private one later (DNS rebinding) gets nowhere, and neither does an address in a URL.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.hosts import is_private

refused_names: set[str] = set()
"""The names that had nothing but private addresses, so that their failure can be called by its name."""


class GuardedResolver(CachingHostnameResolver):
    """IPv4 and IPv6, cached; private addresses are dropped unless the crawl allows them."""

    allow_private = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        """Scrapy's way to make one."""
        made: GuardedResolver = super().from_crawler(crawler, reactor)
        made.allow_private = crawler.settings.getbool("NIANBAO_ALLOW_PRIVATE")
        return made

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """Resolves a name, address by address, through the guard."""
        receiver: Any = resolutionReceiver if self.allow_private else _Guard(resolutionReceiver, hostName)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _Guard:
    """Passes on what is public."""

    def __init__(self, receiver: Any, name: str) -> None:
        self._receiver = receiver
        self._name = name

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        if is_private(getattr(address, "host", "")):
            refused_names.add(self._name)
        else:
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()
