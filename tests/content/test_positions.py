import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.positions import YamlError, read_yaml


def test_every_value_is_read_as_text():
    text = "a: no\nb: 1:30\nc: 0.10\nd: 2026-11-20\ne:\n"
    assert read_yaml(text, 1).data == {"a": "no", "b": "1:30", "c": "0.10", "d": "2026-11-20", "e": ""}


def test_each_value_knows_its_line_in_the_file():
    located = read_yaml("a: 1\nlist:\n  - x\n  - {deep: y}\n", 10)
    assert located.line_of(("a",)) == 10
    assert located.line_of(("list", 1, "deep")) == 13


def test_what_has_no_line_of_its_own_has_that_of_what_is_round_it():
    assert read_yaml("a: 1\nb:\n  - x\n", 1).line_of(("b", 5, "nothing")) == 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: x: y\n", 6, "a text that holds a colon is put in quotes"),
        ("a: 1\na: 2\n", 6, '"a" stands here twice'),
        ("a: &x 1\nb: *x\n", 5, "anchors and aliases"),
        ("a: " + "[" * 30 + "]" * 30, 5, "more than 12 levels"),
        ("? [a]\n: b\n", 5, "a key is one word"),
        ("a: 'open\n", 6, "not valid YAML"),
        ("a: \x01", 5, "a character that may not stand in it"),
        ('a: 1\nb: "x\\0y"\n', 6, r"control character \(U\+0000\)"),
        ('"a\\b": 1\n', 5, r"control character \(U\+0008\)"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text, line, words):
    with pytest.raises(YamlError, match=words) as raised:
        read_yaml(text, 5)
    assert raised.value.line == line


def outcome(text):
    try:
        return read_yaml(text, 3)
    except YamlError as error:
        return error


@given(st.text(max_size=200) | st.text("{}[]:,-&*!|>'\"#%@` \n\tab?", max_size=120))
def test_any_text_is_read_or_refused_calmly(text):
    found = outcome(text)
    lines = [found.line] if isinstance(found, YamlError) else found.lines.values()
    assert all(line >= 3 for line in lines)
