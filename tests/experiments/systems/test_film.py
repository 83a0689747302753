"""A film of a system tells what its run did: every dot goes a way of the system, and every change has its sign."""

import pytest

from apps.experiments.film import MOST_VISITS
from apps.experiments.systems.film import CLIENTS, film_of
from apps.simulator.arrivals import Poisson
from apps.simulator.calls.policies import Breaker, Retry
from apps.simulator.calls.run import simulate
from apps.simulator.calls.system import Call, Change, Service, System
from apps.simulator.services import Exponential

TO_THE_STORE = Call("db", timeout_s=0.5, breaker=Breaker(10, 5, 0.5, 2.0, 2))
SHOP = System(
    {
        "web": Service(Exponential(0.01), replicas=2, calls=((TO_THE_STORE, Call("cache", copies=3)),)),
        "db": Service(Exponential(0.02), servers=4),
        "cache": Service(Exponential(0.003), replicas=3),
    },
    Call("web", timeout_s=1.0, retry=Retry(2, "fixed", 0.1)),
    Poisson(30),
    changes=(Change(1.0, "db", speed=0), Change(4.0, "db"), Change(4.5, "cache", 1, gone=True)),
    latency_s=0.002,
)  # fmt: skip


@pytest.fixture(scope="module")
def film():
    return film_of(SHOP, simulate(SHOP, seed=1, seconds=10, visits=600), "The first six seconds")


def test_there_is_a_box_a_replica_in_the_column_of_its_depth(film):
    places = {place.name: (place.column, place.row, place.slots) for place in film.places}
    assert places[CLIENTS] == (0, 0, 0)
    assert places["web 2"] == (1, 1, 1)
    assert places["db 1"] == (2, 0, 4)
    assert places["cache 3"] == (2, 2, 1)
    assert ("web 1", "cache 3") in film.ways
    assert (CLIENTS, "web 2") in film.ways


def test_a_dot_is_at_one_place_at_a_time_and_goes_the_ways_of_the_system(film):
    last, ways = {}, {*film.ways, *((b, a) for a, b in film.ways)}
    for visit in film.visits:
        assert visit.came <= visit.began <= visit.left <= film.end
        if before := last.get(visit.dot):
            assert before.left <= visit.came
            assert visit.place == CLIENTS or (before.place, visit.place) in ways
        last[visit.dot] = visit
    assert len(film.visits) <= MOST_VISITS


def test_a_request_travels_for_the_latency_from_the_clients(film):
    first = [visit for visit in film.visits if visit.dot == 0][:2]
    assert [visit.place for visit in first] == [CLIENTS, "web 1"]
    assert first[1].came - first[0].left == pytest.approx(SHOP.latency_s)


def test_a_request_is_with_its_client_between_two_tries(film):
    waits = [visit.left - visit.came for visit in film.visits if visit.place == CLIENTS and visit.left > visit.came]
    assert waits
    assert max(waits) < 0.1 + 0.5 + 1.0  # a pause, after a timeout of the store or of the client


def test_changes_and_breakers_have_their_signs(film):
    told = [(sign.place, sign.text) for sign in film.signs]
    assert told[0] == ("db 1", "stopped")
    assert ("db 1", "breaker open") in told
    assert {visit.fate for visit in film.visits} >= {"ok", "late"}  # the store goes on for callers who have given up


def test_a_film_around_an_event_begins_where_it_is_told():
    report = simulate(SHOP, seed=1, seconds=10, visits=200, watch_from=3.9)
    film = film_of(SHOP, report, "The restart", start=3.9)
    assert film.start == 3.9
    assert min(visit.came for visit in film.visits) >= 3.9 - SHOP.latency_s
    assert ("cache 2", "down", "bad") in [(sign.place, sign.text, sign.tone) for sign in film.signs]
    assert film.as_json()["end"] > 4.5
