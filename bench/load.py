"""How fast does a page answer? A closed loop over kept-alive connections; what limits it is the server's one core."""

import asyncio
import time
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Rate:
    """What a server reached: answers per second, response times in ms, and bytes of one body as sent."""

    per_second: float
    p50_ms: float
    p99_ms: float
    body_bytes: int


def rate(port: int, path: str, *, connections: int = 8, seconds: float = 4.0) -> Rate:
    """Return what the server on this port reaches for `path` after a second of warming up."""
    return asyncio.run(_rate(port, path, connections, seconds))


async def _rate(port: int, path: str, connections: int, seconds: float) -> Rate:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br, gzip\r\n\r\n".encode()
    begin = time.perf_counter() + 1.0
    loops = [_loop(port, request, begin, begin + seconds) for _ in range(connections)]
    results = await asyncio.gather(*loops)
    times = np.concatenate([np.array(times) for times, _ in results]) * 1000
    p50, p99 = np.percentile(times, [50, 99])
    return Rate(len(times) / seconds, float(p50), float(p99), results[0][1])


async def _loop(port: int, request: bytes, begin: float, end: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times, body_bytes = [], 0
    while (sent := time.perf_counter()) < end:
        writer.write(request)
        body_bytes = await _answer(reader)
        if sent >= begin:
            times.append(time.perf_counter() - sent)
    writer.close()
    return times, body_bytes


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read one answer and return the length of its body. Raises RuntimeError unless it is a 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(head.decode())
    lower = head.lower()
    if b"content-length:" in lower:
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        return length
    total = 0
    while size := int(await reader.readline(), 16):
        total += size
        await reader.readexactly(size + 2)
    await reader.readline()
    return total
