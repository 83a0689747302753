"""Does the code in the lesson on latency find the percentiles that are there, on one server and on many?"""

import random
import statistics

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from prometheus_client import REGISTRY

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "foundations/05-latency-and-percentiles"
latency = module_of_tab(LESSON, "Python")
load = module_of_tab(LESSON, "Load test")
web = module_of_tab(LESSON, "Django")


def histogram(values):
    filled = latency.Histogram()
    for value in values:
        filled.record(value)
    return filled


def p99(values):
    return sorted(values)[round(0.99 * len(values)) - 1]


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99, 0.999])
def test_a_histogram_is_at_most_two_per_cent_too_high(share):
    luck = random.Random(5)  # noqa: S311
    values = sorted(luck.lognormvariate(3, 1) for _ in range(10_000))
    exact = values[round(share * len(values)) - 1]
    assert exact <= histogram(values).percentile(share) * 1.000001 <= exact * 1.0201


def test_the_mean_describes_no_request():
    values = [20] * 985 + [2_000] * 15
    assert statistics.mean(values) == pytest.approx(49.7)
    assert histogram(values).percentile(0.5) == pytest.approx(20, rel=0.02)
    assert histogram(values).percentile(0.99) == pytest.approx(2_000, rel=0.02)


def test_the_fleet_is_known_from_added_counts_and_not_from_averaged_percentiles():
    servers = [[20] * 1_000] * 9 + [[20] * 800 + [1_000] * 200]
    fleet = latency.Histogram()
    for server in servers:
        fleet.merge(histogram(server))
    assert statistics.mean(p99(server) for server in servers) == 118
    assert fleet.percentile(0.99) == pytest.approx(1_000, rel=0.02)


@pytest.mark.parametrize(("calls", "needed"), [(10, 0.999), (100, 0.9999)])
def test_what_a_leaf_must_keep(calls, needed):
    assert latency.leaf_percentile(0.99, calls) == pytest.approx(needed, abs=1e-5)
    assert needed**calls == pytest.approx(0.99, abs=1e-3)


def test_an_empty_histogram_has_no_percentile():
    with pytest.raises(ValueError, match="No request"):
        latency.Histogram().percentile(0.99)


class Service:
    """1 ms a request, and no answer at all from second 30 to second 33, on a clock of its own."""

    now = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds

    def __call__(self):
        if 30 <= self.now < 33:
            self.now = 33.0
        self.now += 0.001


def test_a_pause_shows_when_one_counts_from_when_a_request_was_due():
    service = Service()
    times = load.measure(service, 100, 60, clock=service.clock, sleep=service.sleep)
    assert len(times) == 6_000
    assert sum(time > 0.01 for time in times) == pytest.approx(333, abs=2)
    assert p99(times) == pytest.approx(2.46, abs=0.01)


def test_a_tester_who_waits_sees_one_slow_request():
    service, times = Service(), []
    while service.now < 60:
        begin = service.now
        service()
        times.append(service.now - begin)
        service.sleep(0.009)
    assert len(times) == pytest.approx(5_700, abs=3)
    assert sum(time > 0.01 for time in times) == 1
    assert sorted(times)[-7] == pytest.approx(0.001)


def counted(route, failed, bound):
    labels = {"route": route, "failed": str(failed), "le": bound}
    return REGISTRY.get_sample_value("shop_request_seconds_bucket", labels)


@pytest.mark.parametrize(("status", "failed"), [(200, False), (404, False), (503, True)])
def test_each_request_is_counted_under_its_route(status, failed):
    class Match:
        route = f"orders/<int:id>/{status}"

    def view(request):
        request.resolver_match = Match
        return HttpResponse(status=status)

    for number in range(3):
        web.timed(view)(RequestFactory().get(f"/orders/{number}"))
    assert counted(Match.route, failed, "+Inf") == 3
    assert counted(Match.route, not failed, "+Inf") is None
    assert counted(Match.route, failed, "0.3") is not None


def test_who_matches_no_route_makes_no_series_of_his_own():
    request = RequestFactory().get("/wp-admin/7")
    request.resolver_match = None
    before = counted("none", False, "+Inf") or 0
    web.timed(lambda request: HttpResponse())(request)
    assert counted("none", False, "+Inf") == before + 1


@pytest.mark.django_db
def test_the_query_tells_the_mean_from_the_tail():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE request_log (route text, ms float, status int, at timestamptz)")
        cursor.execute("INSERT INTO request_log SELECT 'orders', 20, 200, now() FROM generate_series(1, 985)")
        cursor.execute("INSERT INTO request_log SELECT 'orders', 2000, 200, now() FROM generate_series(1, 15)")
        cursor.execute("INSERT INTO request_log SELECT 'fails', 2, 500, now() FROM generate_series(1, 1000)")
        cursor.execute("INSERT INTO request_log SELECT 'rare', 9, 200, now() FROM generate_series(1, 50)")
        cursor.execute(code_of_tab(LESSON, "SQL", "sql"))
        rows = [(row[0], row[1], *map(float, row[2:])) for row in cursor.fetchall()]
    assert rows == [
        ("fails", 1_000, 2, 2, 2, 0),
        ("orders", 1_000, pytest.approx(49.7), 20, 2_000, 0.985),
    ]
