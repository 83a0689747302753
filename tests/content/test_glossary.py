import pytest

from apps.content.library import read_library
from tests.content.directory import CDN, ContentDirectory
from tests.content.texts import GLOSSARY

TTL = "  ttl: {term: TTL, means: How long a copy may be used., also: [time to live]}\n"
OTHER = "lessons/blocks/03-cdn.md"


@pytest.fixture
def library(tmp_path):
    return ContentDirectory(tmp_path)


def with_glossary(lines):
    return CDN.replace("sources:", f"glossary:\n{lines}sources:")


def test_words_of_all_lessons_make_one_glossary(library):
    library.write(OTHER, with_glossary(TTL))
    assert library.said() == []
    definitions = read_library(library.path).glossary.definitions
    assert {slug: word.term for slug, word in definitions.items()} == {"hit-ratio": "hit ratio", "ttl": "TTL"}


def test_a_concept_may_be_defined_in_another_lesson(library):
    library.write(OTHER, CDN)
    assert library.said() == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            GLOSSARY.removeprefix("glossary:\n"),
            '"hit-ratio" is defined in lessons/blocks/02-caching.md:8, too; keep one',
        ),
        (
            TTL.replace("time to live", "Hit Ratios"),
            '"Hit Ratios" stands for "hit-ratio" in lessons/blocks/02-caching.md:8 already; a word has one meaning',
        ),
        (TTL.replace("term: TTL", "term: .NET"), '".NET" should start with a letter or a digit'),
    ],
)
def test_a_word_has_one_definition_and_both_places_are_named(library, lines, expected):
    library.write(OTHER, with_glossary(lines))
    assert [line.startswith(f"{OTHER}:8: {expected}") for line in library.said()] == [True], library.said()


def test_a_concept_without_a_definition_is_a_problem_at_its_line(library):
    library.write(OTHER, with_glossary(TTL).replace("[hit-ratio]", "[hit-ratio, hit-ration]"))
    assert library.said() == [
        f'{OTHER}:5: the concept "hit-ration" has no definition; define it in "glossary", or use a slug that is; '
        'did you mean "hit-ratio"?'
    ]


def test_a_lesson_whose_front_matter_is_wrong_defines_nothing_and_says_so_once(library):
    library.write("lessons/blocks/02-caching.md", "no front matter")
    library.write(OTHER, CDN)
    said = library.said()
    assert sum("a lesson starts with front matter" in line for line in said) == 1
    assert any('03-cdn.md:5: the concept "hit-ratio" has no definition' in line for line in said)
