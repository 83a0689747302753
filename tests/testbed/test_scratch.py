"""Is a scratch directory private, ours alone, and gone at the end?"""

import stat

import pytest

from apps.testbed import scratch
from apps.testbed.errors import EngineError
from apps.testbed.scratch import MODE, owned_directory, scratch_directory, sweep


class Listing(list):
    """A directory that lists what has gone since."""

    def glob(self, _pattern):
        return iter(self)


def test_it_is_private_and_gone_at_the_end():
    with scratch_directory("test") as directory:
        assert stat.S_IMODE(directory.stat().st_mode) == MODE
        (directory / "file").write_text("x")
    assert not directory.exists()


def test_the_janitor_leaves_it_to_its_owner():
    with scratch_directory("test") as directory:
        assert directory not in sweep()
        assert directory.exists()


def test_the_janitor_does_not_mind_directories_that_go_while_it_looks(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    monkeypatch.setattr(scratch, "scratch_base", lambda: Listing([gone]))
    assert sweep() == []


def test_a_directory_has_one_owner(tmp_path):
    with owned_directory(tmp_path / "mine"), pytest.raises(EngineError, match="in use by another process"):
        owned_directory(tmp_path / "mine").__enter__()


def test_what_a_dead_owner_left_is_taken_over_empty(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "old").write_text("x")
    (tmp_path / "mine" / "owner.lock").touch()
    with owned_directory(tmp_path / "mine") as directory:
        assert not (directory / "old").exists()


def test_a_link_that_somebody_planted_is_refused(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "mine").symlink_to(tmp_path / "target")
    with pytest.raises(EngineError, match="is not ours"):
        owned_directory(tmp_path / "mine").__enter__()


def test_a_place_where_nothing_can_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match="Cannot make"):
        owned_directory(tmp_path / "file" / "mine").__enter__()
