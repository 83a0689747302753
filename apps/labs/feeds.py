"""How does a page follow a run? By server-sent events, or by asking again with the same cursor."""

import csv
import io
import re

import redis
import structlog
from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.core.addresses import client_address
from apps.experiments.registry import experiments
from apps.labs import streams
from apps.labs.hub import Behind, TooManyViewers, as_sse, done, hub
from apps.labs.models import ACTIVE, Run
from apps.labs.states import state_of

log = structlog.get_logger(__name__)
CURSOR = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")


def cursor_of(request) -> str:
    """Return where the page wants to go on: `Last-Event-ID`, else `?after=`, else the beginning."""
    asked = request.headers.get("Last-Event-ID") or request.GET.get("after") or ""
    return asked if CURSOR.fullmatch(asked) else streams.START


async def events(request, run_id):
    """Stream a run's events until it has ended."""
    if await state_of(run_id) is None:
        raise Http404("There is no such run.")
    if hub.is_full_for(client_address(request)):
        return JsonResponse(
            {"error": "Too many open streams. Ask /points instead."}, status=429, headers={"Retry-After": "5"}
        )
    response = StreamingHttpResponse(
        follow(run_id, client_address(request), cursor_of(request)), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-cache, no-transform"
    response["X-Accel-Buffering"] = "no"
    return response


async def follow(run_id: str, address: str, after: str):
    """Yield the run's events in wire form; the row is asked when the stream is silent, so that every stream ends."""
    yield b"retry: 1000\n\n"
    try:
        async with hub.watch(run_id, address, after) as viewer:
            if state := await ending(run_id):
                for event in await sync_to_async(history)(run_id, after):
                    yield as_sse(event)
                yield done(state)
                return
            async for event in viewer:
                yield as_sse(event)
                if event is not None and event.name == "done":
                    return
                if event is None and (state := await ending(run_id)):
                    yield done(state)
                    return
    except (Behind, TooManyViewers, redis.RedisError) as error:
        # The stream ends here; the page resumes by its cursor, or asks by polling.
        log.info("stream_cut", run=run_id, reason=type(error).__name__)


async def ending(run_id: str) -> str | None:
    """Return the state in which the run has ended; None while it goes on, or while the database cannot say."""
    try:
        state = await state_of(run_id)
    except (OperationalError, InterfaceError) as error:
        log.warning("state_unknown", run=run_id, error=str(error).strip())
        return None
    return None if state in ACTIVE else state


def history(run_id: str, after: str) -> list[streams.Event]:
    """Return what the stream still holds after the cursor; nothing while Redis is away or once it has expired."""
    try:
        return [event for event in streams.read_events(run_id, after) if event.name == "points"]
    except redis.RedisError:
        return []


@require_GET
@never_cache
def points(request, run_id):
    """Answer the events after the cursor as JSON, for pages that cannot stream."""
    found = get_object_or_404(Run.objects.only("state"), pk=run_id)
    after = cursor_of(request)
    try:
        read = streams.read_events(run_id, after)
    except redis.RedisError as error:
        log.warning("points_away", run=run_id, error=str(error))
        return JsonResponse({"error": "Live points are away for a moment.", "state": found.state}, status=503)
    events = [{"id": event.id, "event": event.name, "data": event.data} for event in read]
    return JsonResponse({"cursor": read[-1].id if read else after, "events": events, "state": found.state})


@require_GET
def result_json(request, run_id):
    """Answer a run as JSON, in the form of `manage.py lab --json`."""
    found = get_object_or_404(Run, pk=run_id)
    result = {"slug": found.lab, "params": found.params, "seed": found.seed, **(found.result or {})}
    long = {"series": found.series or {}, "film": found.film}
    about = {name: getattr(found, name) for name in ("state", "reason", "guess", "challenge")}
    whole = {**result, **long, **about}
    return JsonResponse(whole, json_dumps_params={"indent": 1})


@require_GET
def series_csv(request, run_id):
    """Answer a run's series as CSV: series, x, value, who says it (the run, a model, theory) and what x is."""
    found = get_object_or_404(Run, pk=run_id)
    lab = experiments().get(found.lab)
    drawn = {line.series: (line, chart) for chart in (lab.charts if lab else ()) for line in chart.lines}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["series", "x", "value", "role", "x_is"])
    for name, series in (found.series or {}).items():
        line, chart = drawn.get(name, (None, None))
        across = (chart.x or "number") if chart and (chart.x or chart.shape == "bars") else "seconds"
        writer.writerows([name, x, y, line.role if line else "result", across] for x, y in series)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.lab}-{found.pk}.csv"'
    return response
