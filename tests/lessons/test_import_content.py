from dataclasses import replace

import pytest

from apps.lessons.actions import export_content
from apps.lessons.models import ContentFile, Lesson, Revision, Source, Track
from tests.content.directory import ALONE, CACHING, CDN, ContentDirectory
from tests.content.lab import CACHING as LAB
from tests.content.texts import line_in

BROKEN = ALONE.replace("kind: single", "kind: singel", 1)


def texts():
    """Return what readers get: text by track/slug."""
    lessons = Lesson.objects.listed().select_related("track", "revision")
    return {f"{lesson.track.slug}/{lesson.slug}": lesson.revision.text for lesson in lessons}


def rows():
    """Return every row, as it is."""
    return [list(model.objects.order_by("pk").values()) for model in (Track, Lesson, Revision, ContentFile)]


def test_files_become_lessons_of_their_track(library):
    report = library.load()
    lesson = Lesson.objects.get()
    assert report.stored == ["blocks/caching"]
    assert (lesson.track.title, lesson.order, lesson.title, lesson.short) == (
        "Building blocks",
        2,
        "A cache is a bet",
        "Caching",
    )
    assert lesson.revision.minutes == 1
    assert [question.id for question in lesson.revision.quiz()][:2] == ["q-1", "q-2"]


def test_a_second_import_changes_nothing_and_renders_nothing(library):
    library.load()
    before = rows()
    report = library.load()
    assert (report.stored, report.unchanged, report.retired) == ([], 1, [])
    assert rows() == before  # `rendered_at` is among them


def test_a_changed_file_is_a_new_revision_and_the_old_one_stays(library):
    library.load()
    library.write(CACHING, ALONE + "\nMore.\n")
    assert library.load().stored == ["blocks/caching"]
    assert texts() == {"blocks/caching": ALONE + "\nMore.\n"}
    assert Revision.objects.count() == 2


def test_a_text_that_was_there_before_is_the_same_revision_again(library):
    library.load()
    first = Lesson.objects.get().revision_id
    for text in (ALONE + "\nMore.\n", ALONE):
        library.write(CACHING, text)
        library.load()
    assert Lesson.objects.get().revision_id == first


def test_a_broken_file_keeps_its_last_good_revision_and_names_the_line(library):
    library.load()
    library.write(CACHING, BROKEN)
    report = library.load()
    assert texts() == {"blocks/caching": ALONE}
    assert [problem.line for problem in report.broken] == [line_in(BROKEN, "kind: singel")]
    assert str(report.broken[0]).startswith(f"{library.path}/{CACHING}:")


def test_a_broken_file_does_not_keep_the_others_out(library):
    library.write(CACHING, BROKEN)
    library.write("lessons/blocks/03-cdn.md", CDN)
    assert library.load().broken
    assert list(texts()) == ["blocks/cdn"]


def test_a_lesson_whose_file_is_gone_is_no_longer_listed_but_kept(library):
    library.load()
    library.remove(CACHING)
    assert library.load().retired == ["blocks/caching"]
    assert texts() == {}
    assert Revision.objects.count() == 1
    library.write(CACHING, ALONE)
    library.load()
    assert list(texts()) == ["blocks/caching"]


def test_a_file_that_cannot_be_read_does_not_take_its_lesson_away(library):
    library.load()
    library.write(CACHING, b"\xff")
    assert library.load().retired == []
    assert texts() == {"blocks/caching": ALONE}


def test_a_broken_list_of_tracks_changes_nothing(library):
    library.load()
    before = rows()
    library.write("tracks.yaml", "- slug: [")
    assert library.load().broken
    assert rows() == before


def test_another_number_moves_a_lesson_without_a_new_revision(library):
    library.load()
    library.remove(CACHING)
    library.write("lessons/blocks/07-caching.md", ALONE)
    library.load()
    assert (Lesson.objects.get().order, Revision.objects.count()) == (7, 1)


def test_a_lesson_edited_in_the_studio_is_left_alone(library):
    library.load()
    Lesson.objects.update(source=Source.STUDIO)
    library.write(CACHING, ALONE + "\nMore.\n")
    assert library.load().stored == []
    assert texts() == {"blocks/caching": ALONE}


def test_a_lab_that_changed_its_words_renders_its_lessons_anew_but_keeps_the_revision(library):
    library.write(CACHING, ALONE + "\n/// lab | caching\n///\n")
    library.load()
    library.load(labs={"caching": replace(LAB, title="Renamed")})
    assert "Renamed" in Lesson.objects.get().revision.html
    assert Revision.objects.count() == 1


def test_a_track_that_is_gone_goes_with_its_last_lesson_only(library):
    library.load()
    library.write("tracks.yaml", "- slug: blocks\n  title: Blocks\n  summary: S.\n")
    library.load()
    assert list(Track.objects.values_list("slug", "title")) == [("blocks", "Blocks")]


@pytest.mark.parametrize("text", [ALONE, ALONE.replace("\n", "\r\n"), "\ufeff" + ALONE])
def test_an_export_writes_the_same_bytes_and_importing_it_changes_nothing(library, tmp_path_factory, text):
    library.write(CACHING, text)
    library.write("lessons/other/11-cdn.md", CDN)
    library.load()
    before = rows()
    copy = ContentDirectory(tmp_path_factory.mktemp("copy"))
    copy.remove(CACHING)
    assert export_content(copy.path) == 3
    assert copy.files() == library.files()
    library.path = copy.path
    assert library.load().unchanged == 2
    assert rows() == before
