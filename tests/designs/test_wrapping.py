import pytest

from apps.designs.wrapping import in_lines, unbroken


@pytest.mark.parametrize(
    ("room", "lines"),
    [
        (500, ["one two three four"]),
        (70, ["one two", "three four"]),
        (50, ["one two", "three", "four"]),
        (0, ["one two", "three", "four"]),
    ],
)
def test_a_text_takes_as_few_lines_as_fit(room, lines):
    assert in_lines("one two three four", 12, room, 3) == lines


def test_more_lines_are_not_taken_if_one_long_word_decides_the_width():
    assert in_lines("a b acknowledgement", 12, 10, 4) == ["a b", "acknowledgement"]


def test_a_number_keeps_its_unit_and_a_dot_ends_a_line():
    assert unbroken("60 s without 5 % of 12 requests · key") == [
        "60 s",
        "without",
        "5 %",
        "of",
        "12",
        "requests ·",
        "key",
    ]


def test_nothing_is_no_line():
    assert in_lines("", 12, 100, 3) == []
