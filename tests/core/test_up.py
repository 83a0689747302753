"""Does `manage.py up` know what stands in its way, and say so in one line?"""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from apps.core.stack import parts
from apps.core.stack.members import FIRST_PAUSE_S, LONGEST_PAUSE_S, STEADY_S, PartMember
from apps.core.stack.output import Lines
from apps.core.stack.preconditions import CannotStart, require_platform, require_port, sole_owner
from apps.testbed.ports import free_port
from tests.site import ROOT


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_a_way_out(taken_port):
    with pytest.raises(CannotStart, match=rf"Port {taken_port} is taken: .*PORT={taken_port + 1}"):
        require_port("127.0.0.1", taken_port)


def test_a_free_port_is_fine():
    require_port("127.0.0.1", free_port())


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("192.0.2.1", 8000, "Cannot listen on HOST=192.0.2.1"),
        ("127.0.0.1", 70000, "PORT=70000 is no port"),
        ("no.such.host.invalid", 8000, "HOST=no.such.host.invalid is no address"),
    ],
)
def test_an_address_that_cannot_be_used_names_its_variable(host, port, message):
    with pytest.raises(CannotStart, match=message):
        require_port(host, port)


def test_a_data_directory_has_one_site(tmp_path):
    refused = pytest.raises(CannotStart, match=rf"already runs .*process {os.getpid()}, http://localhost:8000")
    with sole_owner(tmp_path / "data", "http://localhost:8000"), refused:
        sole_owner(tmp_path / "data", "http://localhost:8001").__enter__()


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match=rf"Cannot write to DATA_DIR={tmp_path}/file/data"):
        sole_owner(tmp_path / "file" / "data", "http://localhost:8000").__enter__()


def test_windows_is_told_where_it_runs(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(CannotStart, match="Windows Subsystem for Linux"):
        require_platform()


def test_the_command_refuses_in_one_line_and_with_exit_code_1(tmp_path):
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT, env={**os.environ, "DATA_DIR": str(tmp_path / "file")}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Cannot write to DATA_DIR={tmp_path}/file: File exists.\n"


def test_every_queue_has_a_worker():
    from apps.core.workers import QUEUES

    assert set(parts.POOLS) == set(QUEUES)


def test_the_procfile_starts_the_same_parts():
    expected = []
    for part in parts.all_parts("${HOST:-127.0.0.1}", "${PORT:-8000}", Path("${DATA_DIR:-.data}")):
        environment = [f"{name}={value}" for name, value in part.environment.items()]
        expected.append(f"{part.name}: {' '.join([*environment, 'python', *part.argv[1:]])}")
    assert (ROOT / "Procfile").read_text().splitlines() == expected


def test_each_line_carries_the_name_of_its_part(capsys):
    lines = Lines("web")
    for piece in (b"one\ntw", b"o\nrest", b""):
        lines.feed(piece)
    assert capsys.readouterr().out.splitlines() == [f"web         | {word}" for word in ("one", "two", "rest")]


def test_a_part_that_keeps_dying_waits_longer_each_time(tmp_path):
    part = PartMember("web", (), {}, tmp_path, tmp_path)
    pauses = [part.start_later() for _ in range(7)]
    assert pauses == [0.5, 1, 2, 4, 8, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_a_part_that_lived_well_starts_again_soon(tmp_path, monkeypatch):
    part = PartMember("web", (), {}, tmp_path, tmp_path)
    part.start_later()
    part.start_later()
    monkeypatch.setattr("apps.core.stack.members.STEADY_S", 0.0)
    assert STEADY_S > 0
    assert part.start_later() == FIRST_PAUSE_S
