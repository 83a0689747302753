import pytest

from apps.experiments.catalog.caching import experiment
from apps.experiments.params import ParamsError


def problems(**params):
    """Return the problems by name, none if the settings are allowed."""
    try:
        experiment.clean(params)
    except ParamsError as error:
        return error.problems
    return {}


def test_an_event_must_leave_time_to_be_seen():
    assert "up to 4 s" in problems(event="flush", duration_s=5, event_at_s=4.5)["event_at_s"]
    assert "up to 2 s" in problems(event="redis-down", duration_s=5, event_at_s=4)["event_at_s"]
    assert problems(event="redis-down", duration_s=5, event_at_s=2) == {}


def test_a_run_too_short_for_its_event_says_how_long_it_must_be():
    assert problems(event="redis-down", duration_s=2, event_at_s=1) == {
        "duration_s": "Too short for this event. Use at least 4 s."
    }


def test_without_a_cache_nothing_can_happen_to_it():
    assert "no cache" in problems(pattern="none", event="flush")["event"]


@pytest.mark.parametrize("guard", ["early-refresh", "stale-while-revalidate"])
def test_what_never_expires_is_never_refreshed(guard):
    assert "time to live" in problems(stampede=guard)["stampede"]
    assert problems(stampede=guard, ttl_s=1) == {}
    assert problems(stampede=guard, event="hot-key-expires") == {}


def test_jitter_needs_a_time_to_live():
    assert "time to live" in problems(ttl_jitter=0.5)["ttl_jitter"]
    assert problems(ttl_jitter=0.5, ttl_s=2) == {}


@pytest.mark.parametrize("pattern", ["write-through", "write-behind"])
def test_a_writer_cannot_store_sums_that_only_a_read_computes(pattern):
    assert "sums" in problems(pattern=pattern, db_cost="aggregate")["db_cost"]


def test_settings_without_effect_say_so():
    params = experiment.clean({"pattern": "none"})
    idle = [name for name, param in experiment.params.items() if not param.matters(params)]
    assert idle == ["eviction", "cache_fraction", "ttl_s", "ttl_jitter", "stampede", "flush_interval_s", "event_at_s"]
