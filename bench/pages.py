"""What does a lesson page cost? Against an empty view on the same server, and against the same site under threads."""

from apps.testbed.ports import free_port
from bench.load import Rate, rate
from bench.report import Row, against
from bench.site import prepared_site, serving

LESSON, EMPTY = "/learn/building-blocks/caching/", "/health/live"


def uvicorn(port: int) -> list[str]:
    """Return the command of the site's own web server."""
    return ["uvicorn", "config.asgi:application", "--port", str(port), "--no-access-log", "--log-level", "warning"]


def gunicorn(port: int) -> list[str]:
    """Return the command of the reference: one process with eight threads."""
    return ["gunicorn", "bench.wsgi:application", "-w1", "-k", "gthread", "--threads", "8", "-b", f"127.0.0.1:{port}"]


def both(port: int) -> tuple[Rate, Rate]:
    """Return the medians of three interleaved rates of the empty view and of the lesson."""
    pairs = [(rate(port, EMPTY, seconds=3), rate(port, LESSON, seconds=3)) for _ in range(3)]
    return tuple(sorted(side, key=lambda one: one.per_second)[1] for side in zip(*pairs, strict=True))  # type: ignore[return-value]


def run() -> list[Row]:
    """Return rates in requests/s, response times in ms and sizes in KiB. One process on one core."""
    port = free_port()
    with prepared_site() as environment:
        with serving(environment, *uvicorn(port), port=port):
            empty, lesson = both(port)
            alone = rate(port, LESSON, connections=1, seconds=3)
        with serving(environment, *gunicorn(port), port=port):
            threads_empty, threads_lesson = both(port)
    return [
        against("lesson page under uvicorn (ref: empty view)", lesson.per_second, "req/s", empty.per_second),
        against("lesson page p99, 8 connections (ref: empty)", lesson.p99_ms, "ms", empty.p99_ms),
        Row("lesson page p50, 1 connection", round(alone.p50_ms, 3), "ms"),
        Row("lesson page p99, 1 connection", round(alone.p99_ms, 3), "ms"),
        Row("lesson page, compressed", round(lesson.body_bytes / 1024, 2), "KiB"),
        against("lesson: uvicorn (ref: gunicorn threads)", lesson.per_second, "req/s", threads_lesson.per_second),
        against("lesson p99, 8 connections (ref: gunicorn threads)", lesson.p99_ms, "ms", threads_lesson.p99_ms),
        against("empty view: uvicorn (ref: gunicorn threads)", empty.per_second, "req/s", threads_empty.per_second),
    ]
