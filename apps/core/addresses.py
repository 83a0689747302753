"""Which address does a request come from, and how do we count by it without keeping it?"""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.utils.crypto import salted_hmac


def client_address(request) -> str:
    """Return the client's IP address: the peer's, or what the outermost trusted proxy saw.

    Of an IPv6 address the first 64 bits: that is what one customer is given.
    """
    address = _seen_address(request)
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or (parsed if parsed.is_loopback else ip_network((parsed, 64), strict=False)))


def _seen_address(request) -> str:
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR") or "local"


def address_hash(request) -> str:
    """Return a keyed hash of the client's address (32 hex digits): enough to count, useless to find a person."""
    return salted_hmac("tradeoff.address", client_address(request), algorithm="sha256").hexdigest()[:32]
