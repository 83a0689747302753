"""Which address does a request come from, and how do we count by it without keeping it?"""

from django.conf import settings
from django.utils.crypto import salted_hmac


def client_address(request) -> str:
    """Return the client's IP address: the peer's, or what the outermost trusted proxy saw."""
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR") or "local"


def address_hash(request) -> str:
    """Return a keyed hash of the client's address (32 hex digits): enough to count, useless to find a person."""
    return salted_hmac("tradeoff.address", client_address(request), algorithm="sha256").hexdigest()[:32]
