import pytest
from django.core.management import call_command

from apps.search.finding import find
from apps.search.models import Document
from apps.search.vocabulary import keeper
from tests.content.directory import ALONE, CACHING, CDN, ContentDirectory


@pytest.fixture
def directory(tmp_path, monkeypatch, db):
    monkeypatch.chdir(tmp_path)
    keeper.held = None
    yield ContentDirectory(tmp_path / "content")
    keeper.held = None


def load(capsys):
    """Import and return what was said about search."""
    call_command("content", "import", "content")
    return next(line for line in capsys.readouterr().out.splitlines() if line.startswith("search: "))


def titles(line):
    return [group.head.title for group in find(line, most=10).groups]


def test_an_import_makes_lessons_labs_and_tracks_findable(directory, capsys):
    said = load(capsys)
    kinds = set(Document.objects.values_list("kind", flat=True))
    assert {"lesson", "section", "lab", "question", "track"} <= kinds
    assert " 0 unchanged, 0 removed" in said
    assert load(capsys).startswith("search: 0 pages indexed")


def test_one_lesson_more_writes_no_other_one_anew_and_one_less_is_found_no_more(directory, capsys):
    load(capsys)
    directory.write("lessons/blocks/03-cdn.md", CDN)
    before = dict(Document.objects.filter(kind="lesson").values_list("url", "pk"))
    load(capsys)
    after = dict(Document.objects.filter(kind="lesson").values_list("url", "pk"))
    assert before.items() < after.items()
    new = (after.keys() - before.keys()).pop()
    directory.remove("lessons/blocks/03-cdn.md")
    load(capsys)
    assert not Document.objects.filter(page=new).exists()


def test_a_lesson_is_found_by_what_it_says_now(directory, capsys):
    load(capsys)
    directory.write(CACHING, ALONE + "\nThe quokka sleeps.\n")
    load(capsys)
    assert titles("quokka") == ["A cache is a bet"]
    directory.write(CACHING, ALONE)
    load(capsys)
    assert titles("quokka") == []


def test_a_broken_lesson_is_found_by_its_last_good_text(directory, capsys):
    load(capsys)
    directory.write(CACHING, ALONE.replace("kind: single", "kind: singel", 1))
    with pytest.raises(Exception, match="to mend"):
        call_command("content", "import", "content")
    assert "A cache is a bet" in titles("a cache is a bet")
