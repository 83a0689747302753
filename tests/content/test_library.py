import pytest

from apps.content.library import check, read_library
from apps.experiments.registry import experiments
from tests.content.lab import LABS
from tests.content.texts import FRONT, QUIZ, WHOLE

TRACKS = (
    "- slug: blocks\n  title: Building blocks\n  summary: Parts.\n- slug: other\n  title: Other\n  summary: More.\n"
)
ALONE = WHOLE.replace("prerequisites: [load-balancing]\n", "").replace("lesson:blocks/load-balancing", "/learn/")


@pytest.fixture
def library(tmp_path):
    """A content directory with one right lesson; `library(path, text)` writes a further file."""

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    write("tracks.yaml", TRACKS)
    write("lessons/blocks/02-caching.md", ALONE)
    write.directory = tmp_path
    return write


def said(library):
    return [str(problem).replace(f"{library.directory}/", "") for problem in check(library.directory, LABS)]


def test_a_right_directory_has_nothing_to_mend(library):
    assert said(library) == []


def test_a_lesson_is_found_by_the_path_of_its_file(library):
    lesson = read_library(library.directory).lessons[0]
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
    library(name, text)
    assert any(line.startswith(expected) for line in said(library))


def test_a_link_to_a_heading_of_another_lesson_is_checked(library):
    link = "[x](lesson:blocks/caching#where-the-copies-liv) [y](lesson:blocks/caching#where-the-copies-live)"
    library("lessons/blocks/03-x.md", FRONT.replace("[load-balancing]", "[caching]") + link + QUIZ)
    assert said(library) == [
        'lessons/blocks/03-x.md:12: blocks/caching has no heading "#where-the-copies-liv"; '
        'did you mean "where-the-copies-live"?'
    ]


def test_a_link_within_the_page_is_checked(library):
    library("lessons/blocks/02-caching.md", ALONE + "\n[x](#no) [y](#quiz) [z](#where-the-copies-live)\n")
    assert len(said(library)) == 1


def test_hidden_files_are_passed_over(library):
    library("lessons/blocks/.02-caching.md.swp", b"\xff")
    assert said(library) == []


def test_a_missing_tracks_file_is_said(library):
    (library.directory / "tracks.yaml").unlink()
    assert any("tracks.yaml:1: this file cannot be read" in line for line in said(library))


def test_the_labs_of_the_site_fit_what_lessons_ask_of_them(library):
    assert isinstance(check(library.directory, experiments()), list)
