"""Do the sums of the lesson on availability come out, and does its page survive what it may lose?"""

import json
import random

import pytest
import yaml
from django.db import connection
from django.test import RequestFactory

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "foundations/06-availability-and-error-budgets"
budget = module_of_tab(LESSON, "Python")
shop = module_of_tab(LESSON, "Django")


@pytest.mark.parametrize(("promise", "minutes"), [(0.99, 438.3), (0.999, 43.8), (0.9995, 21.9), (0.9999, 4.4)])
def test_what_a_promise_allows_in_a_month(promise, minutes):
    assert budget.minutes_down(promise) == pytest.approx(minutes, abs=0.05)


def test_three_at_your_own_level_cost_three_times_your_budget():
    assert budget.minutes_down(budget.series(0.9995, 0.9995, 0.9995)) == pytest.approx(65.7, abs=0.05)


@pytest.mark.parametrize(("copies", "common", "whole"), [(2, 0, 0.9999), (2, 0.1, 0.9989), (3, 0.1, 0.9990)])
def test_copies_are_worth_what_they_do_not_share(copies, common, whole):
    assert budget.parallel(0.99, copies, common) == pytest.approx(whole, abs=5e-5)


def test_the_sum_of_copies_is_what_chance_gives():
    luck, down, hours = random.Random(3), 0, 200_000  # noqa: S311
    for _ in range(hours):
        together = luck.random() < 0.2 * 0.1
        down += together or all(luck.random() < 0.8 * 0.1 for _ in range(2))
    assert 1 - down / hours == pytest.approx(budget.parallel(0.9, 2, 0.2), abs=0.002)


def counts(share_1h, share_5m, share_6h=0.0, share_30m=0.0):
    shares = {"1h": share_1h, "5m": share_5m, "6h": share_6h, "30m": share_30m}
    return {window: (share * 10_000, 10_000) for window, share in shares.items()}


@pytest.mark.parametrize(
    ("now", "wakes"),
    [
        (counts(0.02, 0.02), True),
        (counts(0.02, 0.0), False),  # it is over
        (counts(0.001, 0.5), False),  # it has only begun
        (counts(0.007, 0.007, 0.007, 0.007), True),  # slower, for six hours
        (counts(0.001, 0.001, 0.001, 0.001), False),  # just as planned
    ],
)
def test_who_is_woken(now, wakes):
    assert budget.wake_somebody(now, slo=0.999) is wakes


def test_nobody_is_woken_by_an_hour_without_traffic():
    silent = dict.fromkeys(("1h", "5m", "6h", "30m"), (0, 0))
    assert not budget.wake_somebody(silent, slo=0.999)


def ask(view):
    return view(RequestFactory().get("/products/7"), 7)


def works(product_id):
    return [product_id]


def fails(product_id):
    raise TimeoutError


@pytest.mark.parametrize(
    ("recommendations", "reviews", "missing"),
    [(works, works, None), (fails, works, "also"), (fails, fails, "also,reviews")],
)
def test_a_page_without_its_soft_parts_is_a_page(recommendations, reviews, missing):
    response = ask(shop.product_page(works, works, recommendations, reviews))
    assert response.status_code == 200
    assert json.loads(response.content)["price"] == [7]
    assert response.get("X-Degraded") == missing
    assert response.get("Cache-Control") == ("no-store" if missing else None)


def test_a_page_without_a_price_is_none():
    with pytest.raises(TimeoutError):
        ask(shop.product_page(works, fails, works, works))


def test_a_bug_is_not_hidden_as_degradation():
    def bug(product_id):
        raise KeyError(product_id)

    with pytest.raises(KeyError):
        ask(shop.product_page(works, works, bug, works))


@pytest.mark.django_db
def test_the_report_says_what_is_left_of_the_budget():
    log = "INSERT INTO request_log SELECT %s, %s, %s, now() FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE request_log (route text, status int, ms float, at timestamptz)")
        for row in [("orders", 200, 40, 9_999), ("orders", 500, 2, 1), ("search", 200, 40, 9_990)]:
            cursor.execute(log, row)
        cursor.execute(log, ("search", 200, 900, 10))  # answered, too late
        cursor.execute(code_of_tab(LESSON, "SQL", "sql"))
        rows = [(row[0], *map(float, row[1:])) for row in cursor.fetchall()]
    assert rows == [("search", 99.9, 5, 10, -100), ("orders", 99.99, 5, 1, 80)]


def test_the_alert_is_the_one_of_the_text():
    rules = yaml.safe_load(code_of_tab(LESSON, "Prometheus", "yaml"))["groups"][0]["rules"]
    recorded, alert = [rule["record"] for rule in rules if "record" in rule], rules[-1]["expr"]
    assert recorded == ["orders:bad:1h", "orders:bad:5m"]
    assert alert == " and ".join(f"{name} > {budget.PAGES[0][2]} * 0.0005" for name in recorded)
