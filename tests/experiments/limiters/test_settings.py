import pytest

from apps.experiments.base import ParamsError
from tests.experiments.limiters.conftest import settings_of


@pytest.mark.parametrize(
    ("params", "where", "advice"),
    [
        ({"store": "redis-naive", "clock": "virtual"}, "clock", "clock=real"),
        ({"store": "local", "event": "redis-down"}, "event", "redis-atomic"),
        ({"event": "redis-down", "event_at_s": 11.5}, "event_at_s", "up to 11 s"),
        ({"limit": 1_000, "offered_rps": 1_000}, "offered_rps", "2,000 /s or more"),
        ({"window_s": 10, "duration_s": 8}, "duration_s", "Use 11 s or more"),
    ],
)
def test_what_makes_no_sense_together_is_refused_with_what_to_change(params, where, advice):
    with pytest.raises(ParamsError) as refused:
        settings_of(**params)
    assert advice in refused.value.problems[where]


def test_redis_is_gone_for_a_quarter_of_the_rest_and_two_seconds_at_most():
    assert settings_of().outage_s == 0
    assert settings_of(event="redis-down", event_at_s=4, duration_s=8).outage_s == 1
    assert settings_of(event="redis-down", event_at_s=4, duration_s=60).outage_s == 2
