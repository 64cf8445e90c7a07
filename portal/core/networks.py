"""Networks, as whoever counts by them sees an address: never stored as it is, only as a keyed hash of what stands here."""

import re
from ipaddress import IPv6Address, ip_address, ip_network

PORT = re.compile(r"\[([^]]*)\](?::[0-9]+)?|([0-9.]+):[0-9]+")
"""What some proxies write: "[2001:db8::1]:443", "203.0.113.9:5511"."""


def network_of(address: str) -> str:
    """Return an address without a port, IPv4 in its own form, IPv6 by its /64: whoever has one such address has 2^64 of them."""
    match = PORT.fullmatch(address)
    bare = (match[1] or match[2] or "") if match else address
    try:
        found = ip_address(bare)
    except ValueError:
        return bare
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
