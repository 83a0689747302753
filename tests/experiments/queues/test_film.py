"""The film of a queueing run is the run itself: its first requests, when they came, began and left."""

import pytest

from apps.experiments.bench import Bench
from apps.experiments.runner import run_experiment


def filmed(**params):
    params = {"customers": 10_000, **params}
    result = run_experiment(
        "queueing", params, seed=5, bench=Bench.from_environment(), on_sample=lambda _: None, should_stop=lambda: False
    )
    return result.outcome.film


def at_servers(**params):
    film = filmed(**params)
    return [visit for visit in film.visits if visit.place == film.places[0].name]


def test_each_request_comes_from_the_clients():
    film = filmed(utilisation=0.9)
    clients, server = (
        {visit.dot: visit for visit in film.visits if visit.place == name} for name in ("clients", "queue")
    )
    assert clients.keys() == server.keys()
    assert all(clients[dot].left <= server[dot].came for dot in server)
    assert film.caption.startswith(f"The first {len(server)} of 10,000 requests")


@pytest.mark.parametrize("servers", [1, 4])
def test_no_more_are_served_at_once_than_there_are_servers(servers):
    film = filmed(servers=servers, utilisation=0.9)
    moments = sorted(visit.began for visit in film.visits)
    served = [sum(visit.began <= at < visit.left for visit in film.visits) for at in moments]
    assert max(served) == servers == film.places[0].slots


def test_with_one_server_who_comes_first_is_served_first():
    visits = at_servers(utilisation=0.9)
    assert [v.began for v in visits] == sorted(v.began for v in visits)
    assert any(visit.began > visit.came for visit in visits), "somebody waits"


def test_nobody_waits_where_all_share_the_server():
    assert all(visit.began == visit.came for visit in filmed(discipline="ps").visits)


def test_a_line_that_grows_is_watched_for_longer():
    assert len(filmed(utilisation=1.2).visits) > len(filmed(utilisation=0.8).visits)
