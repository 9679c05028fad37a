"""Which hosts belong together, and which addresses a crawler of public sites must never reach."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from functools import cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

# The list of public suffixes that comes with the package: nothing is fetched to know what gov.cn is.
_suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def parent_of(host: str) -> str:
    """The registered domain of a host: hd.gov.cn of www.hd.gov.cn. Empty for addresses and bare names."""
    name, _, port = host.partition(":")
    if port or is_address(host):
        return ""
    return _suffixes(name).top_domain_under_public_suffix


def same_parent(host: str, parents: Collection[str]) -> bool:
    """Whether a host stands under one of these registered domains."""
    parent = parent_of(host)
    return bool(parent) and parent in parents


def site_of(host: str) -> str:
    """What is asked one request at a time: all hosts of one registered domain, else the machine."""
    return parent_of(slot_of(host)) or slot_of(host)


def slot_of(host: str) -> str:
    """The machine, whatever the port."""
    return urlsplit(f"//{host}").hostname or host


def is_address(host: str) -> bool:
    """Whether a host is written as an IP address."""
    return _address(host) is not None


def is_private(host: str) -> bool:
    """Whether an IP address is not a public one. False for names: the resolver looks at those."""
    address = _address(host)
    return address is not None and not _is_public(address)


_NAT64 = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48")))
_SITE = ipaddress.IPv6Network("fec0::/10")
_OLD = ipaddress.IPv6Network("::/96")
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if address.is_multicast or not address.is_global:
        mapped = getattr(address, "ipv4_mapped", None)
        return mapped is not None and _is_public(mapped)
    if isinstance(address, ipaddress.IPv4Address):
        return True
    return address not in _SITE and all(map(_is_public, _inside(address)))


def _inside(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 one stands for, by any way there ever was: a gateway would follow it there."""
    number = int(address)
    found = [each for each in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if each]
    last = address in _OLD or address in _TRANSLATED or any(address in network for network in _NAT64)
    if last or number >> 32 & 0xFFFFFFFF in _ISATAP:
        found.append(ipaddress.IPv4Address(number & 0xFFFFFFFF))
    return found


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    bare = host[1:].partition("]")[0] if host.startswith("[") else host
    for candidate in (bare, bare.rpartition(":")[0] if bare.count(":") == 1 else ""):
        try:
            return ipaddress.ip_address(candidate)
        except ValueError:
            continue
    return None
