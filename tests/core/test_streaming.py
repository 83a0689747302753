"""Open streams share a few threads, and the synchronous parts of each still run on one thread at a time."""

import asyncio
import threading

from asgiref.sync import sync_to_async

from apps.core.streaming import THREADS, is_stream, shared_thread

STREAMS = 40


async def names_of_threads():
    """Return, for streams that are all open at once, the threads on which their synchronous parts ran."""
    all_open = asyncio.Barrier(STREAMS)

    async def stream():
        async with shared_thread():
            first = await sync_to_async(threading.get_ident)()
            await all_open.wait()  # nobody ends before everybody has begun
            return first, await sync_to_async(threading.get_ident)()

    return await asyncio.gather(*(stream() for _ in range(STREAMS)))


def test_many_open_streams_keep_a_few_threads():
    used = asyncio.run(names_of_threads())
    assert len({thread for thread, _ in used}) == THREADS
    assert all(first == second for first, second in used)


def test_only_streams_share_threads():
    assert is_stream({"type": "http", "path": "/runs/abcdefghijklmnop/events"})
    assert not is_stream({"type": "http", "path": "/labs/caching/"})
    assert not is_stream({"type": "lifespan"})
