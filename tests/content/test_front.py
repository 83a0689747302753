import pytest

from tests.content.texts import FRONT, GLOSSARY, OPENING, QUIZ, WHOLE, line_in, render, said


def with_line(old, new):
    return WHOLE.replace(old, new, 1)


def test_a_right_lesson_has_no_problems():
    assert render(WHOLE).problems == ()


def test_it_knows_title_name_sources_and_date():
    front = render(WHOLE).front
    assert (front.title, front.name, front.updated.isoformat()) == ("A cache is a bet", "Caching", "2026-11-20")
    assert front.sources[0].year == 1999


def test_without_a_short_name_the_title_stands_in_the_list():
    assert render(with_line("short: Caching\n", "")).front.name == "A cache is a bet"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("summary:", "sumary:", 'there is no "sumary" here; did you mean "summary"?'),
        ("updated: 2026-11-20", "updated: yesterday", '"updated" is "yesterday"; it should be a date'),
        ("year: 1999", "yaer: 1999", 'there is no "yaer" here; did you mean "year"?'),
        ("[hit-ratio]", "[Hit Ratio]", '"concepts 1" is "Hit Ratio"; small letters'),
        ("[hit-ratio]", "[]", '"concepts" needs at least 1'),
        ("[load-balancing]", "[load-balancin]", 'no lesson "blocks/load-balancin"; did you mean'),
        ("[load-balancing]", "[caching]", "a lesson is not its own prerequisite"),
        ("A cache is a bet", "A cache: a bet", "a text that holds a colon is put in quotes"),
        ("A cache is a bet", "x" * 91, '"title" has 91 characters; at most 90'),
    ],
)
def test_each_mistake_is_named_with_its_line_and_what_to_write(old, new, words):
    text = with_line(old, new)
    assert any(line.startswith(f"02.md:{line_in(text, new)}: ") and words in line for line in said(render(text)))


def test_what_is_missing_is_said():
    assert '02.md:2: "title" is missing' in said(render(with_line("title: A cache is a bet\n", "")))


def test_a_file_without_front_matter_is_told_how_to_start():
    assert "02.md:1: a lesson starts with front matter" in said(render(OPENING + QUIZ))[0]


def test_front_matter_that_never_ends_is_noticed():
    assert any("never ends" in line for line in said(render(FRONT.rpartition("---")[0] + OPENING)))


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference():
    plain = render(WHOLE)
    odd = render("\ufeff" + WHOLE.replace("\n", "\r\n"))
    assert (odd.problems, odd.html) == ((), plain.html)


def test_a_lesson_defines_its_words():
    glossary = "glossary:\n  ttl: {term: TTL, means: How long a copy may be used., also: [time to live]}\n"
    rendered = render(with_line(GLOSSARY, glossary))
    assert rendered.problems == ()
    assert rendered.front.glossary["ttl"].also == ("time to live",)
