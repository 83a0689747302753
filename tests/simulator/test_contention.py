"""Clients that contend for one row: the published table, and what must hold in any contest."""

from statistics import mean

import pytest

from apps.simulator.contention import Contest, contend

# Calls and completion in ms: labs.md 1.14, made by the published simulator and a second program, 100 runs each.
TABLE = {
    (50, "none"): (690, 1_138),
    (50, "exponential"): (623, 36_033),
    (50, "equal"): (347, 4_278),
    (50, "full"): (332, 2_914),
    (50, "decorrelated"): (373, 2_195),
    (100, "none"): (2_426, 2_031),
    (100, "exponential"): (1_846, 63_309),
    (100, "equal"): (813, 6_540),
    (100, "full"): (796, 4_909),
    (100, "decorrelated"): (999, 4_780),
    (190, "none"): (7_997, 3_531),
    (190, "exponential"): (5_150, 101_380),
    (190, "equal"): (1_761, 9_360),
    (190, "full"): (1_772, 7_426),
    (190, "decorrelated"): (2_430, 7_893),
}
# Runs enough that twice the error of the mean is within the tolerance; without random pauses runs hardly differ.
RUNS = {"none": 4, "exponential": 8, "equal": 20, "full": 20, "decorrelated": 40}


POLICIES = {"none": ("none", "none"), "exponential": ("exponential", "none")}


def policy(pause):
    return POLICIES.get(pause, ("exponential", pause))


@pytest.mark.parametrize(("clients", "pause"), TABLE)
def test_calls_and_completion_are_those_of_the_published_experiment(clients, pause):
    contests = [contend(Contest(clients, *policy(pause)), seed) for seed in range(RUNS[pause])]
    calls, completion_ms = TABLE[clients, pause]
    assert mean(len(writes) for writes in contests) == pytest.approx(calls, rel=0.03)
    assert mean(max(w.answered for w in writes) * 1e3 for writes in contests) == pytest.approx(completion_ms, rel=0.08)


def test_each_client_wins_once_and_nobody_wins_on_a_version_that_has_gone():
    writes = contend(Contest(30), 3)
    winners = [write for write in writes if write.won]
    assert sorted(write.client for write in winners) == list(range(30))
    assert [write.came for write in writes] == sorted(write.came for write in writes)
    assert all(write.sent < write.came < write.answered for write in writes)


def test_a_client_alone_needs_one_write_and_four_ways():
    (write,) = contend(Contest(1, "none"), 5)
    assert write.won
    assert 0.02 < write.answered < 0.06


def test_who_may_lose_only_once_gives_up():
    writes = contend(Contest(20, attempts=1), 1)
    assert len(writes) == 20
    assert sum(write.won for write in writes) < 20


def test_a_fixed_pause_leaves_the_clients_in_step():
    fixed, spread = (len(contend(contest, 2)) for contest in (Contest(60, "fixed", "none"), Contest(60)))
    assert fixed > 1.5 * spread


def test_the_same_seed_gives_the_same_contest():
    assert contend(Contest(20), 9) == contend(Contest(20), 9)
    assert contend(Contest(20), 9) != contend(Contest(20), 10)
