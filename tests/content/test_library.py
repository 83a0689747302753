import pytest

from apps.content.library import check, read_library
from apps.experiments.registry import experiments
from tests.content.directory import ALONE, TRACKS, ContentDirectory
from tests.content.texts import FRONT, GLOSSARY, QUIZ


@pytest.fixture
def library(tmp_path):
    return ContentDirectory(tmp_path)


def test_a_right_directory_has_nothing_to_mend(library):
    assert library.said() == []


def test_a_lesson_is_found_by_the_path_of_its_file(library):
    lesson = read_library(library.path).lessons[0]
    assert (lesson.track, lesson.order, lesson.slug) == ("blocks", 2, "caching")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("lessons/blocks/caching.md", ALONE, "lessons/blocks/caching.md:1: a lesson's file is called <nn>-<slug>.md"),
        ("lessons/blcks/03-x.md", ALONE, 'lessons/blcks/03-x.md:1: there is no track "blcks"; did you mean "blocks"?'),
        ("lessons/blocks/02-cdn.md", ALONE, "lessons/blocks/02-cdn.md:1:"),
        ("lessons/blocks/03-caching.md", ALONE, "lessons/blocks/03-caching.md:1:"),
        ("lessons/blocks/03-x.md", b"---\n\xff\n", "lessons/blocks/03-x.md:2: this is not UTF-8"),
        (
            "tracks.yaml",
            "- slug: blocks\n  titel: B\n",
            'tracks.yaml:2: there is no "titel" here; did you mean "title"?',
        ),
        ("tracks.yaml", "- [", "tracks.yaml:1: this is not valid YAML"),
        ("tracks.yaml", TRACKS + TRACKS, 'tracks.yaml:1: the track "blocks" stands here twice'),
    ],
)
def test_odd_files_are_problems_and_not_exceptions(library, name, text, expected):
    library.write(name, text)
    assert any(line.startswith(expected) for line in library.said())


def test_a_link_to_a_heading_of_another_lesson_is_checked(library):
    link = "[x](lesson:blocks/caching#where-the-copies-liv) [y](lesson:blocks/caching#where-the-copies-live)"
    library.write(
        "lessons/blocks/03-x.md", FRONT.replace("[load-balancing]", "[caching]").replace(GLOSSARY, "") + link + QUIZ
    )
    assert library.said() == [
        'lessons/blocks/03-x.md:12: blocks/caching has no heading "#where-the-copies-liv"; '
        'did you mean "where-the-copies-live"?'
    ]


def test_a_link_within_the_page_is_checked(library):
    library.write("lessons/blocks/02-caching.md", ALONE + "\n[x](#no) [y](#questions) [z](#where-the-copies-live)\n")
    assert len(library.said()) == 1


def test_hidden_files_are_passed_over(library):
    library.write("lessons/blocks/.02-caching.md.swp", b"\xff")
    assert library.said() == []


def test_a_missing_tracks_file_is_said(library):
    library.remove("tracks.yaml")
    assert any("tracks.yaml:1: this file cannot be read" in line for line in library.said())


def test_the_labs_of_the_site_fit_what_lessons_ask_of_them(library):
    assert isinstance(check(library.path, experiments()), list)
