"""How do a thousand open streams share a few threads? Django keeps one for each request until its answer has ended.

That thread is idle while events go out, and costs more memory than all else of a stream.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

from asgiref.sync import ThreadSensitiveContext

SUFFIX = "/events"  # the addresses that stream end with it
THREADS = 4

# Each runs one call at a time on one thread, which is what thread-sensitive code relies on.
_threads = cycle([ThreadPoolExecutor(1, thread_name_prefix="streams") for _ in range(THREADS)])


def is_stream(scope: dict) -> bool:
    """Return whether an ASGI scope asks for a stream."""
    return bool(scope["type"] == "http" and scope["path"].endswith(SUFFIX))


def shared_thread() -> ThreadSensitiveContext:
    """Return a context in which a request's synchronous parts run on one of a few threads, in turn with others."""
    return ThreadSensitiveContext(executor=next(_threads))
