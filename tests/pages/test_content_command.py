import pytest
from django.core.management import CommandError, call_command

from apps.lessons.models import Lesson
from tests.content.directory import ALONE, CACHING, ContentDirectory
from tests.content.texts import line_in

BROKEN = ALONE.replace("kind: single", "kind: singel", 1)


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return ContentDirectory(tmp_path / "content")


def test_a_check_of_right_files_says_nothing(directory, capsys):
    call_command("content", "check", "content")
    assert capsys.readouterr().out == ""


def test_a_check_prints_file_line_and_message_and_fails(directory, capsys):
    directory.write(CACHING, BROKEN)
    with pytest.raises(CommandError, match=r"^1 problem to mend\.$"):
        call_command("content", "check", "content")
    assert capsys.readouterr().out.startswith(f"content/{CACHING}:{line_in(BROKEN, 'singel')}: ")


def test_a_note_is_printed_but_is_no_failure(directory, capsys):
    directory.write(CACHING, ALONE + "\n/// lab | pagination\n///\n")
    call_command("content", "check", "content")
    assert "pending: lab pagination is not built yet" in capsys.readouterr().out


@pytest.mark.django_db
def test_an_import_loads_what_is_right_and_fails_for_the_rest(directory, capsys):
    directory.write("lessons/blocks/03-cdn.md", BROKEN)
    with pytest.raises(CommandError):
        call_command("content", "import", "content")
    assert "lessons: 1 stored, 0 unchanged, 0 no longer listed" in capsys.readouterr().out
    assert Lesson.objects.listed().count() == 1


@pytest.mark.django_db
def test_an_export_writes_what_was_imported(directory, tmp_path):
    call_command("content", "import", "content", verbosity=0)
    call_command("content", "export", str(tmp_path / "out"))
    assert (tmp_path / "out" / CACHING).read_bytes() == ALONE.encode()


def test_a_directory_that_is_not_there_is_named(directory):
    with pytest.raises(CommandError, match="nowhere is not a directory"):
        call_command("content", "check", "nowhere")


def test_the_lessons_of_this_site_have_nothing_to_mend(capsys):
    from django.conf import settings

    call_command("content", "check", str(settings.CONTENT_DIR))
