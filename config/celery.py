"""How do tasks travel? Redis carries ids; PostgreSQL keeps the truth, so that a lost message is only a delay."""

import os
from urllib.parse import parse_qs, urlsplit

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402  (settings need the variable above)


def broker_url(redis_url: str) -> str:
    """Return kombu's spelling of a redis-py URL: a Unix socket is `redis+socket://` with the database named."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={database}"


app = Celery("tradeoff")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL),
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        # Longer than the longest hard time limit, so that no task ever runs twice at once.
        "visibility_timeout": 3600,
        # Restore what a killed worker held within seconds, not within ten sweeps.
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # A page waits for a dead broker no longer than this (seconds).
        "socket_connect_timeout": 1,
        "socket_timeout": 10,
        # kombu would try again after 2 s and after 4 s more. A worker's own connection has patience of its own.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
    },
    broker_pool_limit=4,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_default_queue="interactive",
    task_publish_retry=False,
    task_routes={
        "apps.labs.tasks.execute": {"queue": "interactive"},  # the runs of a study are sent to "long"
        "apps.labs.tasks.*": {"queue": "maintenance"},
        "apps.pages.tasks.*": {"queue": "long"},
    },
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_soft_shutdown_timeout=3,
    worker_enable_soft_shutdown_on_idle=False,
    timezone="UTC",
    beat_schedule={
        "tend-runs": {"task": "apps.labs.tasks.tend", "schedule": 5.0, "options": {"expires": 5}},
        "forget-addresses": {"task": "apps.labs.tasks.forget_addresses", "schedule": crontab(hour=3, minute=10)},
        "verify-claims": {"task": "apps.pages.tasks.verify_claims", "schedule": crontab(hour=3, minute=20)},
    },
)
app.autodiscover_tasks(lambda: settings.INSTALLED_APPS)
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """Leave logging as the settings made it: Celery's own set-up would replace it."""
