"""Which lessons do these tests read? Those of a directory of their own, on a shelf that forgets between tests."""

import pytest

from apps.lessons.actions import import_content
from apps.lessons.pages import pages
from apps.lessons.shelf import keeper
from tests.content.directory import CDN, ContentDirectory
from tests.content.lab import LABS


@pytest.fixture
def library(tmp_path, db, monkeypatch):
    """A content directory; `library.load()` imports it, and readers see it at once."""
    monkeypatch.setattr("apps.lessons.shelf.FRESH_S", 3600)  # another thread would not see what this test has stored

    def load(labs=LABS):
        report = import_content(directory.path, labs=labs)
        keeper.forget()
        return report

    directory = ContentDirectory(tmp_path)
    directory.load = load
    yield directory
    keeper.forget()
    pages.held = ("", {})


@pytest.fixture
def two_lessons(library):
    """The directory with two lessons of one track, imported."""
    library.write("lessons/blocks/03-cdn.md", CDN)
    library.load()
    return library
