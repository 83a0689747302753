"""Which page does search have? One, whole or only its answers, for the palette; it works without JavaScript."""

from django.conf import settings
from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.addresses import address_hash
from apps.core.limiter import seconds_to_wait
from apps.search.finding import find
from apps.search.models import Document, Kind
from apps.search.palette import MOST_PAGES, by_kind
from apps.search.query import QueryTooLong, clean

MOST, MOST_OF_ALL = 10, 30  # pages shown at first, and with "all"
EXAMPLES = ("cache stampede", "p99", "Retry-After", "N+1", "at least once", "how many replicas")


@require_safe
def search(request):
    """Show what a query finds; with `part=palette` only the options of the palette's list."""
    palette = request.GET.get("part") == "palette"
    status, context = answered(request, MOST_PAGES if palette else MOST_OF_ALL if "all" in request.GET else MOST)
    template = "search/_palette.html" if palette else "search/search.html"
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    if "wait_s" in context:
        response["Retry-After"] = context["wait_s"]
    elif palette and status == 200:
        response["Cache-Control"] = "private, max-age=60"  # who deletes a letter gets the last answer at once
    return response


def answered(request, most):
    """Return the status and what the templates need: an answer, or the problem in words."""
    typed = request.GET.get("q", "")
    context = {"typed": typed[:1000], "answer": None, "examples": EXAMPLES}
    try:
        line = context["typed"] = clean(typed)
    except QueryTooLong as error:
        return 422, {**context, "problem": str(error)}
    if not line:
        return 200, {**context, "kinds": kinds()}
    if wait_s := search_wait_s(request):
        problem = f"Many searches came from your network. Try again in {wait_s} s."
        return 429, {**context, "problem": problem, "wait_s": wait_s}
    answer = find(line, most=most, as_typed="as_typed" in request.GET)
    all_url = f"{request.path}?{request.GET.urlencode()}&all" if most == MOST else ""
    return 200, {**context, "answer": answer, "options": by_kind(answer), "all_url": all_url}


def search_wait_s(request):
    """Count one search of the client's address; return 0, or in how many seconds it may search again."""
    limit = settings.SEARCHES_A_MINUTE_PER_ADDRESS
    return seconds_to_wait("search", address_hash(request), limit=limit, within_s=60)


def kinds():
    """Return how many documents of each kind can be found, in the order of the kinds."""
    counts = dict(Document.objects.values_list("kind").annotate(Count("pk")))
    return [(kind.label, counts[kind]) for kind in Kind if counts.get(kind)]
