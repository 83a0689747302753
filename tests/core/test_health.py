import pytest
from celery.signals import heartbeat_sent

from apps.core.redis import client as redis_client
from apps.core.workers import QUEUES, worker_ages


class Heart:
    """What Celery passes along with a heartbeat: the node's name is the part that is read."""

    def __init__(self, hostname):
        self.eventer = type("Eventer", (), {"hostname": hostname})()


def test_live_touches_nothing(client):
    """No database mark: a query would fail the test."""
    assert client.get("/health/live").json() == {"status": "live"}


@pytest.mark.django_db
def test_ready_names_the_queues_without_a_worker(client, broker):
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": "ok",
        "redis": "ok",
        "workers": "no worker heard for: interactive, long, maintenance",
        "migrations": "ok",
    }


@pytest.mark.django_db
def test_ready_once_every_queue_has_a_living_worker(client, broker):
    for queue in QUEUES:
        heartbeat_sent.send(sender=Heart(f"{queue}@host"))
    assert client.get("/health/ready").json()["status"] == "ready"
    assert all(0 <= age < 5 for age in worker_ages().values())


@pytest.mark.django_db
def test_a_server_that_is_away_is_told_without_the_drivers_words(client, broker, settings, caplog):
    settings.REDIS_URL = "redis://secret-host.localhost:1/0"
    redis_client.cache_clear()
    try:
        answer = client.get("/health/ready")
    finally:
        redis_client.cache_clear()
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert (checks["redis"], checks["workers"]) == ("away", "not known while Redis is away")
    assert "secret-host" not in answer.content.decode()
    assert "secret-host" in caplog.text, "the reason is in the log"


@pytest.mark.django_db
def test_metrics_are_for_listed_addresses_only(client, settings):
    assert b"tradeoff_django_http_requests" in client.get("/metrics").content
    settings.METRICS_ALLOWED = {"10.0.0.1"}
    assert client.get("/metrics").status_code == 403


@pytest.mark.django_db
def test_behind_a_proxy_the_address_is_what_the_proxy_saw(client, settings):
    settings.TRUSTED_PROXIES = 1
    forged = "127.0.0.1, 198.51.100.7"  # the client may write the first entry, the proxy wrote the last
    assert client.get("/metrics", headers={"X-Forwarded-For": forged}).status_code == 403


@pytest.mark.django_db
def test_a_refused_script_is_logged(client, caplog):
    answer = client.post("/csp-report", data='{"blocked-uri":"inline"}', content_type="application/csp-report")
    assert answer.status_code == 204
    assert "csp_report" in caplog.text


def test_every_answer_carries_its_request_id_and_a_strict_policy(client):
    answer = client.get("/health/live")
    assert len(answer["X-Request-ID"]) == 36
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
