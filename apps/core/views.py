"""What do machines ask this site? Whether it lives, whether it can serve, how it does, and what a browser refused."""

import structlog
from django.conf import settings
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django_prometheus.exports import ExportToDjangoView

from apps.core import health
from apps.core.addresses import client_address

log = structlog.get_logger(__name__)


async def live(request):
    """Answer that the process runs. Touches neither database nor Redis."""
    return JsonResponse({"status": "live"})


@never_cache
def ready(request):
    """Answer 200 if this site can serve and run labs, else 503; each check by name."""
    problems = health.problems()
    ok = not any(problems.values())
    checks = {name: problem or "ok" for name, problem in problems.items()}
    answer = {"status": "ready" if ok else "not ready", "checks": checks, "worker_age_s": health.ages_or_nothing()}
    return JsonResponse(answer, status=200 if ok else 503)


def metrics(request):
    """Answer Prometheus metrics, to the addresses in METRICS_ALLOWED only."""
    if client_address(request) not in settings.METRICS_ALLOWED:
        return HttpResponseForbidden("METRICS_ALLOWED does not list this address.\n", content_type="text/plain")
    return ExportToDjangoView(request)


@csrf_exempt  # browsers send reports without a token
@require_POST
def csp_report(request):
    """Log what the content security policy refused. Tests hold this log to be empty."""
    log.warning("csp_report", report=repr(request.read(4096)))
    return HttpResponse(status=204)
