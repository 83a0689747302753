"""Which task do the pages have? Put the lessons' claims to the test, each night."""

import structlog
from celery import shared_task
from django.conf import settings

from apps.experiments.bench import Bench
from apps.pages.claims import verify

log = structlog.get_logger(__name__)


@shared_task(soft_time_limit=3600, time_limit=3630)
def verify_claims() -> None:
    """Measure every claim and log each verdict; a broken one as an error, for whoever watches the log."""
    bench = Bench.from_environment(settings.LAB_REDIS_URL, settings.LAB_POSTGRES_DSN)
    try:
        for verdict in verify(settings.CONTENT_DIR, bench):
            (log.info if verdict.holds else log.error)("claim_verified", verdict=str(verdict))
    finally:
        bench.close()
