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
    if address is None:
        return False
    inner = getattr(address, "ipv4_mapped", None)
    return not (inner or address).is_global or address.is_multicast


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    bare = host[1:].partition("]")[0] if host.startswith("[") else host
    for candidate in (bare, bare.rpartition(":")[0] if bare.count(":") == 1 else ""):
        try:
            return ipaddress.ip_address(candidate)
        except ValueError:
            continue
    return None
