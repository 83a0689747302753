import pytest

from apps.experiments.base import Outcome
from apps.experiments.registry import experiments

LAB = experiments()["replication-lag"]
STEADY = {"acked_per_s": 50.0, "commit_p50_ms": 0.53, "stale_read_fraction": 0.43, "heartbeat_lag_max_ms": 60.0}


def finding(figures, **params):
    return LAB.finding(LAB.clean(params), Outcome(figures))


@pytest.mark.parametrize(
    ("changed", "params", "words"),
    [
        ({}, {}, "A commit that waits for no standby takes 0.53 ms, and 43 % of the reads were stale."),
        (
            {"stale_read_fraction": 0.0, "commit_p50_ms": 102.1},
            {"mode": "sync"},
            "takes 102 ms, and no read was stale.",
        ),
        ({"acked_per_s": 0.0}, {"mode": "quorum"}, "No write was acknowledged: each waited for a majority"),
        ({"heartbeat_lag_max_ms": 8_000.0}, {"link_kbps": 500}, "took up to 8 s to come through the narrowest link"),
        ({"unavailable_s": 6.01}, {"mode": "sync", "event": "cut-link"}, "no write was acknowledged, for 6 s"),
        ({"unavailable_s": 0.1}, {"event": "cut-link"}, "writes went on, and a row took up to 60 ms to be seen."),
        (
            {"unavailable_s": 0.08, "lost_acknowledged_writes": 0.0},
            {"event": "primary-crash"},
            "No acknowledged write was lost with the primary",
        ),
        (
            {"unavailable_s": 0.08, "lost_acknowledged_writes": 1.0},
            {"event": "primary-crash"},
            "1 acknowledged write was lost",
        ),
        (
            {"unavailable_s": 0.08, "lost_acknowledged_writes": 20.0},
            {"event": "primary-crash"},
            "20 acknowledged writes were lost with the primary, and no write was acknowledged for 0.08 s.",
        ),
    ],
)
def test_the_finding_says_in_one_sentence_what_came_out(changed, params, words):
    assert words in finding(STEADY | changed, **params)


def test_without_reads_the_finding_is_about_commits_alone():
    figures = {name: value for name, value in STEADY.items() if "read" not in name}
    assert finding(figures, read_rps=0) == "A commit that waits for no standby takes 0.53 ms."
