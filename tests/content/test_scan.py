from hypothesis import given
from hypothesis import strategies as st

from apps.content.scan import Block, Words, scan

NAMES = {"lab", "tabs", "tab", "quiz"}


def parts(text):
    return scan(text, 1, NAMES)[0]


def complaints(text):
    return scan(text, 1, NAMES)[1]


def test_a_block_and_the_words_round_it_know_their_lines():
    assert parts("one\n\n/// lab | caching\n    preset: x\n\ntext\n///\ntwo") == [
        Words("one\n", 1),
        Block("lab", "caching", "    preset: x\n\ntext", 3),
        Words("two", 8),
    ]


def test_options_are_the_indented_lines_and_the_body_is_the_rest():
    block = parts("/// lab | caching\n    preset: x\n\ntext\n///")[0]
    assert block.options() == ("preset: x", 2)
    assert block.body() == ("\ntext", 3)


def test_blocks_within_a_block_belong_to_it():
    inner = "/// tab | A\na\n///\n/// tab | B\nb\n///"
    assert parts(f"/// tabs\n{inner}\n///") == [Block("tabs", "", inner, 1)]


def test_a_block_in_a_fence_of_code_is_code():
    text = "```text\n/// lab | caching\n///\n```"
    assert parts(text) == [Words(text, 1)]
    assert complaints(text) == []


def test_a_fence_within_a_block_hides_its_end():
    text = "/// tab | A\n```text\n///\n```\n///"
    assert parts(text) == [Block("tab", "A", "```text\n///\n```", 1)]


def test_what_is_never_closed_is_named_by_its_first_line():
    assert complaints("a\n/// lab | x\nb") == [(2, 'the block "lab" never ends; put a line /// below it')]
    assert complaints("a\n```python\nb")[0][0] == 2


def test_an_end_without_a_beginning_is_noticed():
    assert complaints("a\n///\nb") == [(2, "this ends a block, but none is open")]


def test_an_indented_block_is_noticed_and_other_slashes_are_left_alone():
    assert complaints("- a\n  /// lab | caching")[0][0] == 2
    assert complaints("  /// <summary>Something in C#") == []


@given(st.text(st.sampled_from("/` \nab|~-#"), max_size=200))
def test_no_word_is_lost_whatever_the_text(text):
    found, said = scan(text, 1, NAMES)
    if not said:
        kept = sum(part.text.count("a") if isinstance(part, Words) else 0 for part in found)
        blocks = sum((part.name + part.argument + part.inside).count("a") for part in found if isinstance(part, Block))
        assert kept + blocks == text.count("a")
