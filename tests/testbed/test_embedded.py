"""Do all processes of a site find the same servers, and nobody else?"""

import stat

from apps.testbed.embedded import addresses, secret_key, secrets


def test_addresses_follow_from_the_data_directory(tmp_path):
    assert addresses(tmp_path / "a") == addresses(tmp_path / "a")
    assert addresses(tmp_path / "a") != addresses(tmp_path / "b")


def test_asking_for_addresses_makes_nothing(tmp_path):
    addresses(tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_secrets_are_made_once_and_for_us_alone(tmp_path):
    made = secrets(tmp_path / "data")
    assert secrets(tmp_path / "data") == made
    assert stat.S_IMODE((tmp_path / "data" / "secrets.json").stat().st_mode) == 0o600
    assert len({made.secret_key, made.postgres_password, made.redis_password}) == 3


def test_addresses_carry_the_passwords_once_there_are_some(tmp_path):
    made = secrets(tmp_path)
    assert made.postgres_password in addresses(tmp_path).database_url
    assert made.redis_password in addresses(tmp_path).redis_url
    assert secret_key(tmp_path) == made.secret_key


def test_before_the_first_start_there_is_no_secret_key(tmp_path):
    assert secret_key(tmp_path) == ""
