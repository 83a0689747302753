from apps.experiments.passport import close_passport, code_version, open_passport


def test_a_passport_tells_host_load_code_servers_and_length():
    passport = close_passport(open_passport(), slug="caching", engines={"redis": "Redis 6.2.14"}, duration_s=20.126)
    assert passport["host"]["cores"] >= 1
    assert passport["redis"] == "Redis 6.2.14"
    assert passport["duration_s"] == 20.13
    assert passport["trials"] == 1
    assert passport["load_before"] >= 0
    assert passport["started_at"].endswith("+00:00")


def test_the_code_version_is_short_and_stays_while_the_code_does():
    assert len(code_version("caching")) == 12
    assert code_version("caching") == code_version("caching")
