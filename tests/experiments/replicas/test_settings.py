import pytest

from apps.experiments.params import ParamsError
from apps.experiments.registry import experiments
from apps.experiments.replicas.settings import Settings

LAB = experiments()["replication-lag"]


def settings(**changed):
    return Settings.of(LAB.clean(changed))


def test_one_number_stands_for_all_links_and_several_for_one_each():
    assert settings(replicas=3, link_delay_ms="40").delays_s == [0.04] * 3
    assert settings(link_delay_ms="0 100", link_kbps="0 500").kbps == [0, 500]


@pytest.mark.parametrize(("replicas", "words"), [(1, "There is 1 standby"), (3, "There are 3 standbys")])
def test_a_wrong_count_of_links_is_refused_with_what_to_change(replicas, words):
    with pytest.raises(ParamsError, match=words) as refused:
        settings(replicas=replicas, link_delay_ms="1 2")
    assert set(refused.value.problems) == {"link_delay_ms"}


def test_an_event_has_to_come_a_second_before_the_end():
    with pytest.raises(ParamsError, match="up to 4 s"):
        settings(duration_s=5, event="cut-link", event_at_s=4.5)
    assert settings(duration_s=5, event="cut-link", event_at_s=4).event_ends_s == 4.5


@pytest.mark.parametrize(
    ("mode", "replicas", "names"),
    [
        ("async", 2, ""),
        ("sync", 2, "FIRST 1 (s1)"),
        ("remote-write", 3, "FIRST 1 (s1)"),
        ("remote-apply", 2, "FIRST 2 (s1, s2)"),
        ("quorum", 1, "ANY 1 (s1)"),
        ("quorum", 2, "ANY 1 (s1, s2)"),
        ("quorum", 3, "ANY 2 (s1, s2, s3)"),
    ],
)
def test_each_mode_names_the_standbys_that_a_commit_waits_for(mode, replicas, names):
    assert settings(mode=mode, replicas=replicas).standby_names == names


@pytest.mark.parametrize(
    ("mode", "replicas", "stops"),
    [("async", 2, False), ("sync", 2, True), ("remote-apply", 2, True), ("quorum", 2, False), ("quorum", 1, True)],
)
def test_a_cut_link_stops_writes_only_if_they_wait_for_that_standby(mode, replicas, stops):
    assert settings(mode=mode, replicas=replicas, event="cut-link").stops_writes is stops


def test_paused_replay_stops_only_those_writes_that_wait_for_it():
    assert settings(mode="remote-apply", event="pause-replay").stops_writes
    assert not settings(mode="sync", event="pause-replay").stops_writes


def test_a_crash_is_never_over():
    assert settings(event="primary-crash", duration_s=9, event_at_s=5).disturbed == (5, 9)
    assert settings().disturbed is None


def test_each_preset_asks_for_a_figure_it_has_and_has_one_right_cause():
    for name, preset in LAB.presets.items():
        LAB.clean(preset.params)
        assert preset.predict.figure in LAB.figures, name
        assert [cause.right for cause in preset.causes].count(True) == 1, name
        assert 3 <= len(preset.causes) <= 4, name
    assert len(LAB.presets) >= 8


def test_a_sweep_takes_a_minute_and_a_half_at_most():
    for preset in LAB.presets.values():
        if preset.sweep:
            assert len(preset.sweep.values) * float(preset.params["duration_s"]) <= 60  # servers start beside that
            for value in preset.sweep.values:
                LAB.clean({**preset.params, preset.sweep.param: value})
