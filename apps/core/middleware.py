"""What happens around every request? It has an id, a database outage is a calm 503, and text is compressed."""

from threading import BoundedSemaphore

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.db import InterfaceError, OperationalError
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

log = structlog.get_logger(__name__)


AT_ONCE = 24  # requests of one process that may hold a database connection at the same time


def in_turn(get_response):
    """Put the request id of the logs on the request and its answer; let so many requests through at once.

    Synchronous on purpose, and the innermost: Django then runs the whole chain in one thread hop a request, where
    each asynchronous middleware would cost two. A crowd waits here, in threads, and not at PostgreSQL's door.
    """
    turn = BoundedSemaphore(AT_ONCE)

    def middleware(request):
        request.request_id = structlog.contextvars.get_contextvars().get("request_id", "")
        with turn:
            response = get_response(request)
        response["X-Request-ID"] = request.request_id
        return response

    return middleware


class OutageMiddleware:
    """Turn an unreachable database into a 503 page that says when to try again; other errors pass on."""

    sync_capable = async_capable = True

    def __init__(self, get_response):
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Return the 503 page if `exception` is an outage, else None."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        log.error("database_away", error=str(exception).strip())
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "5"
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compress whole pages. A stream is left alone: compressing it would hold its events back."""

    def process_response(self, request, response):
        """Return the response, compressed where that helps."""
        return response if response.streaming else super().process_response(request, response)
