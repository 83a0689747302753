"""Do the walls of the lesson on failure modes hold, does the ramp only rise, and is an old answer better than none?"""

from itertools import pairwise
from statistics import mean

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from tests.lessons.tabs import module_of_tab

LESSON = "production/05-failure-modes"
walls = module_of_tab(LESSON, "Python")
degrade = module_of_tab(LESSON, "Django")
WORKERS = [f"w{number}" for number in range(8)]


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ramp(clock):
    return walls.Ramp(start=0.05, over_s=600, clock=clock)


@pytest.fixture
def key():
    yield "failure-modes-page"
    cache.delete_many(["failure-modes-page", "degrade-level"])


def down():
    raise OperationalError("the database is down")


def test_a_customer_keeps_his_workers_whatever_the_order_of_the_list():
    assert walls.shuffle_shard(42, WORKERS) == walls.shuffle_shard(42, WORKERS[::-1])
    assert len(set(walls.shuffle_shard(42, WORKERS))) == 2


def test_few_customers_share_all_workers_with_another():
    poisoned = set(walls.shuffle_shard("poison", WORKERS))
    same = mean(set(walls.shuffle_shard(customer, WORKERS)) == poisoned for customer in range(5_000))
    assert same == pytest.approx(1 / 28, abs=0.01)  # the deviation is 0.0026


def test_before_a_failure_everybody_is_in(ramp):
    assert all(ramp.admits(user) for user in range(100))


def test_the_ramp_starts_low_and_who_is_in_stays_in(ramp, clock):
    ramp.begin()
    admitted = []
    for _ in range(11):
        admitted.append({user for user in range(5_000) if ramp.admits(user)})
        clock.now += 60
    assert len(admitted[0]) / 5_000 == pytest.approx(0.05, abs=0.015)
    assert len(admitted[-1]) == 5_000
    assert all(before < after for before, after in pairwise(admitted))


def test_the_door_says_when_to_come_back(ramp):
    ramp.begin()
    door = degrade.Door(lambda request: HttpResponse("in"), ramp)
    out = next(str(user) for user in range(100) if not ramp.admits(str(user)))
    request = RequestFactory().get("/")
    request.COOKIES["visitor"] = out
    refused = door(request)
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    ramp.begun = None
    assert door(request).content == b"in"


def test_a_newcomer_draws_a_place_and_keeps_it(ramp):
    ramp.begin()
    door = degrade.Door(lambda request: HttpResponse("in"), ramp)
    answers = [door(RequestFactory().get("/")) for _ in range(300)]
    drawn = {answer.cookies["visitor"].value: answer.status_code for answer in answers}
    assert len(drawn) == 300
    assert set(drawn.values()) == {200, 503}  # one place for all newcomers would give one of them
    assert all((status == 200) == ramp.admits(visitor) for visitor, status in drawn.items())


def test_a_fresh_copy_is_not_loaded_again(key):
    assert degrade.fresh_or_old(key, lambda: "first") == ("first", 0)
    assert degrade.fresh_or_old(key, lambda: pytest.fail("loaded again")) == ("first", 0)


def test_an_old_copy_is_replaced_while_the_database_is_there(key):
    degrade.fresh_or_old(key, lambda: "first")
    assert degrade.fresh_or_old(key, lambda: "second", fresh_s=0) == ("second", 0)


def test_with_the_database_down_an_old_copy_comes_with_its_age(key):
    cache.set(key, ("first", degrade.time.time() - 300))
    value, age = degrade.fresh_or_old(key, down)
    assert value == "first"
    assert age >= 300


def test_without_any_copy_the_failure_is_told(key):
    with pytest.raises(OperationalError):
        degrade.fresh_or_old(key, down)


def test_a_bug_is_not_hidden_behind_an_old_copy(key):
    cache.set(key, ("first", 0))
    with pytest.raises(KeyError):
        degrade.fresh_or_old(key, lambda: {}["missing"])


def test_what_is_worth_least_goes_first(key):
    assert all(map(degrade.worth_serving, degrade.ORDER))
    degrade.set_level(2)
    assert [part for part in degrade.ORDER if degrade.worth_serving(part)] == ["checkout", "product"]
