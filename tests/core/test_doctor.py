"""Does `manage.py doctor` work when nothing runs, and name the variable that is wrong?"""

import os
import socket
import subprocess
import sys

import pytest

from apps.testbed.ports import free_port
from tests.site import ROOT


@pytest.fixture
def doctor(tmp_path):
    """Run the doctor on an empty data directory, with these variables; return the finished process."""

    def ask(**variables):
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        own = {"DATA_DIR": str(tmp_path / "data"), "PORT": str(free_port())}
        return subprocess.run(
            [sys.executable, "manage.py", "doctor"],
            cwd=ROOT, env={**kept, **own, **variables}, capture_output=True, text=True,
        )  # fmt: skip

    return ask


def test_a_machine_where_nothing_runs_is_well(doctor):
    done = doctor()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("wrong\n  nothing\n")
    for word in ("PostgreSQL 18", "Redis", "free disk", "embedded in DATA_DIR", "not running; manage.py up starts it"):
        assert word in done.stdout


def test_it_changes_nothing(doctor, tmp_path):
    doctor()
    assert not (tmp_path / "data").exists()


def test_a_server_that_does_not_answer_is_named_without_its_password(doctor):
    done = doctor(
        DATABASE_URL="postgresql://ada:sesame@127.0.0.1:1/tradeoff", REDIS_URL="redis://:sesame@127.0.0.1:1/0"
    )
    assert done.returncode == 1
    assert "database: set DATABASE_URL to a server that answers." in done.stdout
    assert "redis: set REDIS_URL to a server that answers." in done.stdout
    assert "sesame" not in done.stdout + done.stderr


def test_a_server_that_answers_is_fine(doctor):
    done = doctor(DATABASE_URL=os.environ["DATABASE_URL"], REDIS_URL=os.environ["REDIS_URL"])
    assert done.returncode == 0, done.stdout


def test_a_taken_port_is_named(doctor):
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = doctor(PORT=str(server.getsockname()[1]))
    assert done.returncode == 1
    assert "port: Port" in done.stdout


def test_a_data_directory_that_cannot_be_made_is_named(doctor, tmp_path):
    (tmp_path / "file").touch()
    done = doctor(DATA_DIR=str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert "set DATA_DIR to a directory that can" in done.stdout


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "http"),
        ("SITE_URL", "learn.example.org"),
        ("DATABASE_URL", "tradeoff"),
        ("REDIS_URL", "localhost"),
        ("LOG_LEVEL", "loud"),
        ("RUNS_QUEUED", "many"),
    ],
)
def test_a_value_that_means_nothing_is_named_in_one_line(doctor, variable, value):
    done = doctor(**{variable: value})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(variable)
    assert len(done.stderr.splitlines()) == 1


def test_an_address_on_the_network_needs_a_secret_key(doctor):
    done = doctor(SITE_URL="https://learn.example.org")
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is not set")


def test_debug_on_the_network_is_wrong(doctor):
    done = doctor(SITE_URL="https://learn.example.org", SECRET_KEY="s" * 50, DEBUG="1")
    assert done.returncode == 1
    assert "DEBUG: DEBUG=1 shows" in done.stdout
