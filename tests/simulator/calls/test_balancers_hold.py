"""Balancers do what theory and the reference (1.2) say: mean times in units of the service time."""

import numpy as np
import pytest

from apps.simulator.calls.hashing import mixed
from apps.simulator.calls.run import simulate
from apps.simulator.calls.story_balancer import Balancer
from apps.simulator.calls.system import Change, Service
from apps.simulator.services import Exponential
from apps.simulator.streams import Draws
from tests.simulator.calls.systems import latency, one

NO_DRAWS = Draws(np.zeros)  # a hash leaves nothing to chance
SLOW = {"replicas": 4, "speeds": (4.0, 4.0, 1.0, 1.0)}


@pytest.mark.parametrize(
    ("balancer", "replicas", "truth", "within", "requests"),
    [
        ("two-choices", 100, 2.649, 0.03, 3_000_000),  # JSQ(2), simulated in the reference; 2.6141 for endless replicas
        ("round-robin", 10, 5.660, 0.03, 2_000_000),  # E10/M/1
        ("least-connections", 10, 1.932, 0.03, 1_000_000),
        ("random", 10, 10.0, 0.05, 2_000_000),  # M/M/1
    ],
)
def test_the_mean_time_at_a_utilisation_of_nine_tenths(balancer, replicas, truth, within, requests):
    mean = latency(one(0.9 * replicas, replicas=replicas, balancer=balancer), requests=requests)
    assert mean.value == pytest.approx(truth, rel=within)


@pytest.mark.parametrize(
    ("balancer", "truth"), [("weighted", 0.698), ("least-connections", 0.651), ("two-choices", 1.454)]
)
def test_the_mean_time_with_rates_4_4_1_1(balancer, truth):
    system = one(6.0, balancer=balancer, weights=(4.0, 4.0, 1.0, 1.0), **SLOW)
    assert latency(system).value == pytest.approx(truth, rel=0.03)


@pytest.mark.parametrize("balancer", ["random", "round-robin"])
def test_equal_shares_for_unequal_replicas_let_the_slow_ones_grow(balancer):
    """Each gets 1.5/s, the slow ones do 1/s: two queues grow by 0.5/s each."""
    queue = simulate(one(6.0, balancer=balancer, **SLOW), seconds=20_000, seed=1, bucket_s=1_000.0).timeline.queue["q"]
    assert (queue[-1] - queue[0]) / 19_000 == pytest.approx(1.0, rel=0.05)


@pytest.mark.parametrize(("balancer", "least", "most"), [("ip-hash", 0.7, 0.9), ("consistent-hash", 0.1, 0.35)])
def test_when_a_replica_goes_consistent_hashing_moves_only_its_clients(balancer, least, most):
    """Of 200 clients modulo moves four fifths, the ring those of the replica that is gone: a fifth."""
    hashes, found = mixed(np.arange(200)), []
    for up in ([True] * 5, [False, True, True, True, True]):
        chooser = Balancer(Service(Exponential(1.0), replicas=5, balancer=balancer), NO_DRAWS, hashes, up)
        found.append([chooser.choose(key) for key in range(200)])
    before, after = (np.array(each) for each in found)
    assert least < (before != after).mean() < most
    assert balancer == "ip-hash" or (before[before != after] == 0).all()


def test_a_balancer_learns_late_that_a_replica_is_gone():
    changes = (Change(10.0, "q", 0, gone=True, noticed_s=5.0), Change(30.0, "q", 0, noticed_s=5.0))
    report = simulate(one(100.0, replicas=2, mean=0.001, changes=changes), seconds=50, seed=1, warm_up=0.0)
    failed = report.timeline.failed
    assert failed[:10].sum() == 0
    assert failed[10:15].sum() == pytest.approx(250, rel=0.15)
    assert failed[15:].sum() == 0
    assert report.services["q"].served[0] == pytest.approx((10 + 15) * 50, rel=0.1)


def test_what_is_inside_a_replica_that_goes_fails_at_once():
    changes = (Change(9.999, "q", speed=0.0), Change(10.0, "q", 0, gone=True))
    report = simulate(one(100.0, replicas=1, mean=1.0, changes=changes), seconds=12, seed=1, warm_up=0.0)
    assert report.timeline.failed[10] > 900
    assert report.timeline.queue["q"][-1] == 0


def test_a_replica_that_is_added_gets_its_share_once_it_is_noticed():
    changes = (Change(50.0, "q", 1, added=True, noticed_s=10.0),)
    report = simulate(one(100.0, replicas=2, mean=0.001, changes=changes), seconds=100, seed=1, warm_up=0.0)
    assert report.services["q"].served[1] == pytest.approx(40 * 50, rel=0.1)
    assert report.error_rate.value == 0
