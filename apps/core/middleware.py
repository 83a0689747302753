"""What happens around every request? It has an id, a database outage is a calm 503, and text is compressed."""

import time
from threading import BoundedSemaphore

import structlog
from asgiref.sync import iscoroutinefunction
from django.db import InterfaceError, OperationalError, connections
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware

log = structlog.get_logger(__name__)


AT_ONCE = 24  # requests of one process that may hold a database connection at the same time
PATIENCE_S = 5.0


def in_turn(get_response):
    """Put the request id of the logs on the request and its answer; let so many requests through at once.

    Synchronous on purpose, and the innermost: Django then runs the whole chain in one thread hop a request, where
    each asynchronous middleware would cost two. A crowd waits here, in threads, and not at PostgreSQL's door.
    Asynchronous views (lessons, streams, liveness) rarely ask the database, briefly, and need no turn.
    """
    turn = BoundedSemaphore(AT_ONCE)

    def middleware(request):
        request.request_id = structlog.contextvars.get_contextvars().get("request_id", "")
        response = give_back(request) if is_asynchronous(request) else wait_and_get(request)
        response["X-Request-ID"] = request.request_id
        return response

    def give_back(request):
        try:
            return get_response(request)
        finally:
            give_back_connections()

    def wait_and_get(request):
        if not turn.acquire(timeout=PATIENCE_S):
            log.error("crowded", path=request.path)
            return away(request)
        try:
            return give_back(request)
        finally:
            turn.release()

    return middleware


def give_back_connections():
    """Close what is too old of this thread's connections now, not when the body is sent: readers may be slow."""
    for connection in connections.all(initialized_only=True):
        is_old = connection.close_at is not None and time.monotonic() >= connection.close_at
        if is_old and not connection.in_atomic_block:
            connection.close()


def is_asynchronous(request) -> bool:
    """Return whether the request's view is a coroutine function; False for an address that leads nowhere."""
    try:
        return iscoroutinefunction(resolve(request.path_info).func)
    except Resolver404:
        return False


def away(request):
    """Return the page that says to come back in a few seconds."""
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "5"
    return response


class LogMiddleware(RequestMiddleware):
    """Log each request by its path only: what stands behind a "?" is what somebody looked for, and is not kept."""

    @staticmethod
    def format_request(request):
        """Return the request as the log names it."""
        return f"{request.method} {request.path}"


class OutageMiddleware:
    """Turn an unreachable database into a 503 page that says when to try again; other errors pass on."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Return the 503 page if `exception` is an outage, else None."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        log.error("database_away", error=str(exception).strip())
        return away(request)


class CompressionMiddleware(GZipMiddleware):
    """Compress whole pages. A stream is left alone: compressing it would hold its events back."""

    def process_response(self, request, response):
        """Return the response, compressed where that helps."""
        return response if response.streaming else super().process_response(request, response)
