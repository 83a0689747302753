"""The replication lab from end to end on a real primary and its standbys. Runs are shared: each takes seconds."""

import pytest

LAGS = ("write_lag_p50_ms", "flush_lag_p50_ms", "replay_lag_p50_ms", "heartbeat_lag_p50_ms")
STALE = ("stale_read_fraction", "read_your_writes_violations", "monotonic_read_violations")
LATE = {"link_delay_ms": 40, "write_rps": 60, "read_rps": 200, "duration_s": 4}
HALF_LATE = {"link_delay_ms": "0 100", "write_rps": 100, "read_rps": 300, "duration_s": 4}
CRASH = {"link_delay_ms": 100, "write_rps": 200, "duration_s": 4, "event": "primary-crash", "event_at_s": 2.5}


def way_back(figures):
    """Return whether the server's view is longer than the heartbeat's by the 40 ms that a report takes back."""
    return abs(figures["replay_lag_p50_ms"] - figures["heartbeat_lag_p50_ms"] - 40) < 8


@pytest.fixture(scope="module")
def late(confirmed):
    return confirmed(*LAGS, *STALE, "commit_p50_ms", also=way_back, **LATE)


@pytest.fixture(scope="module")
def half_late(confirmed):
    return confirmed(*STALE, **HALF_LATE)


@pytest.fixture(scope="module")
def crash(confirmed):
    soon_back = lambda figures: figures["unavailable_s"] < 1  # noqa: E731
    return confirmed("lost_acknowledged_writes", also=soon_back, **CRASH)


@pytest.fixture(scope="module")
def by_position(confirmed):
    return confirmed("primary_read_fraction", routing="session-lsn", **LATE)


def test_lags_and_stale_reads_agree_with_theory(late):
    assert late.outcome.figures["stale_read_fraction"] > 0.2
    assert late.outcome.figures["lag_bytes_max"] > 1_000


def test_the_servers_view_includes_the_way_back_and_a_heartbeat_does_not(late):
    assert late.outcome.figures["replay_lag_p50_ms"] > late.outcome.figures["heartbeat_lag_p50_ms"] + 20
    assert not any("Trust the heartbeats" in caveat for caveat in late.outcome.caveats)


def test_points_come_four_times_a_second(late):
    assert [time for time, _ in late.series["acked_per_s"]] == [tick / 4 for tick in range(1, 17)]
    assert {"replay_lag_ms", "heartbeat_lag_ms", "commit_p50_ms", "stale_reads_per_s", "lag_bytes"} <= set(late.series)


def test_every_acknowledged_write_is_found_on_the_primary(late):
    acked, present = late.outcome.counted["acknowledged writes"]
    assert acked == present > 150


def test_the_passport_names_the_primary_and_its_standbys(late):
    assert late.as_json()["passport"]["replicas"].startswith("PostgreSQL ")
    assert late.as_json()["passport"]["replicas"].endswith(", a primary and 2 standbys")


def test_a_synchronous_commit_takes_a_round_trip_and_leaves_nothing_stale(confirmed, late):
    result = confirmed("commit_p50_ms", "stale_read_fraction", mode="sync", **LATE | {"duration_s": 2})
    assert result.outcome.figures["commit_p50_ms"] > 80 > 2 * late.outcome.figures["commit_p50_ms"]


def test_a_commit_that_waits_until_a_row_shows_pays_for_the_apply_delay(confirmed, late):
    params = LATE | {"duration_s": 2, "link_delay_ms": 0, "apply_delay_ms": 100, "write_rps": 30}
    result = confirmed("commit_p50_ms", "stale_read_fraction", mode="remote-apply", **params)
    assert result.outcome.figures["commit_p50_ms"] >= 100
    assert result.outcome.figures["stale_read_fraction"] == result.outcome.figures["read_your_writes_violations"] == 0


def test_an_apply_delay_alone_makes_data_old_and_commits_no_slower(confirmed):
    params = LATE | {"duration_s": 3, "link_delay_ms": 0, "apply_delay_ms": 100}
    result = confirmed("heartbeat_lag_p50_ms", "write_lag_p50_ms", "commit_p50_ms", *STALE, mode="sync", **params)
    assert result.outcome.figures["stale_read_fraction"] > 0.4


def test_a_majority_does_not_wait_for_the_slowest(confirmed):
    params = {"replicas": 3, "link_delay_ms": "10 40 200", "duration_s": 3}
    confirmed("commit_p50_ms", "replay_lag_p50_ms", mode="quorum", **params)


def test_two_standbys_of_different_age_take_a_reader_back_in_time(half_late):
    assert half_late.outcome.figures["monotonic_read_violations"] > 0.1


def test_bounded_staleness_leaves_the_late_standby_out(confirmed, half_late):
    result = confirmed(*STALE, routing="bounded-staleness", max_lag_ms=50, **HALF_LATE | {"duration_s": 3})
    assert result.outcome.figures["stale_read_fraction"] < 0.1 < half_late.outcome.figures["stale_read_fraction"]
    assert result.outcome.figures["primary_read_fraction"] < 0.5


def test_routing_by_position_never_hides_an_own_write_nor_goes_back(by_position):
    figures = by_position.outcome.figures
    assert figures["read_your_writes_violations"] == figures["monotonic_read_violations"] == 0
    assert 0 < figures["primary_read_fraction"] < 1
    assert figures["stale_read_fraction"] > 0, "the entries of others may be missing still"


def test_the_primary_misses_nothing(replicate):
    figures = replicate(routing="primary", **LATE | {"duration_s": 2}).outcome.figures
    assert [figures[name] for name in STALE] == [0, 0, 0]
    assert figures["primary_read_fraction"] == 1


def test_without_reads_there_is_nothing_to_say_about_them(replicate):
    figures = replicate(read_rps=0, duration_s=2).outcome.figures
    assert not any("read" in name for name in figures)
    assert figures["acked_per_s"] > 30


def test_a_lag_over_a_narrow_link_grows_as_long_as_the_run(confirmed):
    params = {"replicas": 1, "link_delay_ms": 5, "link_kbps": 500, "write_rps": 100, "duration_s": 4}
    result = confirmed("heartbeat_lag_max_ms", "replay_lag_p50_ms", **params)
    lags = [lag for _, lag in result.series["heartbeat_lag_ms"]]
    assert lags[-1] > 1.5 * lags[len(lags) // 2 - 1] > 0


def test_paused_replay_makes_rows_late_but_not_their_arrival(confirmed):
    params = {"link_delay_ms": 5, "duration_s": 5, "event": "pause-replay", "event_at_s": 1}
    in_theory = "heartbeat_lag_max_ms", "replay_lag_max_ms", "stale_read_fraction", "unavailable_s"
    result = confirmed(*in_theory, also=lambda f: abs(f["replay_lag_max_ms"] - 2_000) < 100, **params)
    assert result.outcome.figures["write_lag_p50_ms"] < result.outcome.figures["replay_lag_max_ms"] / 10


def test_a_commit_that_waits_for_a_cut_off_standby_waits_as_long_as_the_cable_is_out(confirmed):
    params = {"mode": "sync", "link_delay_ms": 5, "duration_s": 4, "event": "cut-link", "event_at_s": 1}
    as_long = lambda figures: abs(figures["unavailable_s"] - 1.5) < 0.15  # noqa: E731
    result = confirmed("unavailable_s", "lost_acknowledged_writes", also=as_long, **params)
    assert min(rate for time, rate in result.series["acked_per_s"] if time > 2) == 0


@pytest.mark.parametrize("mode", ["async", "quorum"])
def test_nobody_else_waits_for_it_and_the_servers_view_stands_still(mode, confirmed):
    goes_on = lambda f: f["unavailable_s"] < 0.5 and abs(f["heartbeat_lag_max_ms"] - 1_500) < 150  # noqa: E731
    result = confirmed(also=goes_on, mode=mode, link_delay_ms=5, duration_s=4, event="cut-link", event_at_s=1)
    during = [lag for time, lag in result.series["replay_lag_ms"] if 1.3 < time < 2.4]
    assert max(during) < 500


def test_a_crash_loses_what_was_on_the_way_and_names_it(crash):
    lost = crash.outcome.figures["lost_acknowledged_writes"]
    acked, present = crash.outcome.counted["acknowledged writes"]
    assert 0 < lost == acked - present
    exhibit = next(exhibit for exhibit in crash.outcome.exhibits if exhibit.title == "Acknowledged and lost")
    assert exhibit.text.count("acknowledged at 2.") == min(lost, 12)


@pytest.mark.parametrize("mode", ["sync", "remote-write", "quorum"])
def test_a_write_that_a_standby_confirmed_survives_the_crash(mode, replicate):
    result = replicate(mode=mode, **CRASH | {"link_delay_ms": "20 60", "duration_s": 3, "event_at_s": 1.5})
    acked, present = result.outcome.counted["acknowledged writes"]
    assert acked == present > 200
    assert result.outcome.figures["lost_acknowledged_writes"] == 0
    assert any("under way when the primary died" in caveat for caveat in result.outcome.caveats)


def test_after_a_crash_the_next_run_has_a_whole_set_again(crash, replicate):
    result = replicate(duration_s=2)
    assert result.outcome.counted["acknowledged writes"][0] > 50
    assert "heartbeat_lag_p50_ms" in result.outcome.figures
