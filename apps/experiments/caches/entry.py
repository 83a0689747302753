"""What stands in the cache under a product's key? Its version, when the copy ends, what it cost, and the text."""

from __future__ import annotations

from struct import Struct

from apps.experiments.lab_redis import PREFIX

HEADER = Struct("<qdd")  # version; end of the copy's life on our clock; seconds that its query took
# Redis counts the buffers of its clients as memory too. They swing by about 80 KB, as much as 300 products of 200
# bytes: with those, a cache meant for 1,000 products held 837 ± 117 (16 connections); with 1,000 bytes 999 ± 13.
ENTRY_BYTES = 1_000
BODY_BYTES = ENTRY_BYTES - HEADER.size


def key(product: int) -> str:
    """Return the product's key in the cache; all keys have one length, so that all entries take equal space."""
    return f"{PREFIX}product:{product:06d}"


def body(product: int) -> bytes:
    """Return the product's text, as the table has it."""
    return b"product %06d " % product + b"x" * (BODY_BYTES - 15)


def pack(version: int, ends_at: float, took_s: float, text: bytes) -> bytes:
    """Return an entry; `ends_at` is infinite for a copy that never expires. All entries are of one size."""
    return HEADER.pack(version, ends_at, took_s) + text
