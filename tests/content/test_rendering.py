import pytest

from tests.content.texts import FRONT, QUIZ, WHOLE, body, html_of, line_in, render, said


def test_headings_have_addresses_made_of_their_words_and_a_link():
    html = html_of("## Where the copies live\n\n### L7, “deep”: 50 % of it?")
    assert (
        '<h2 id="where-the-copies-live">Where the copies live <a class="headerlink" href="#where-the-copies-live"'
        in html
    )
    assert 'aria-label="Link to: Where the copies live"' in html
    assert '<h3 id="l7-deep-50-of-it">' in html


def test_two_headings_of_one_name_have_two_addresses():
    assert [heading.id for heading in body("## Same\n\n## Same\n\n## Same-2\n\n## ?").headings] == [
        "same",
        "same-2",
        "same-2-2",
        "section",
    ]


def test_a_heading_does_not_take_an_address_that_the_page_needs_itself():
    assert [heading.id for heading in body("## Questions\n\n## Sources").headings] == ["questions-2", "sources-2"]


def test_contents_list_second_and_third_level_of_the_text_itself():
    lesson = body("## Two\n\n### Three\n\n#### Four\n\n/// details | x\n## Inside\n///")
    assert [(heading.level, heading.title) for heading in lesson.headings] == [(2, "Two"), (3, "Three")]


def test_a_formula_in_a_heading_does_not_leak_into_its_address():
    heading = body("## The ratio $h$ in use").headings[0]
    assert (heading.id, heading.title) == ("the-ratio-in-use", "The ratio in use")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("When $h > c/d$ it pays", "<math><mrow><mi>h</mi><mo>&gt;</mo>"),
        ("$$h = 1 - e^{-t}$$", '<p><math display="block" tabindex="0">'),
        ("$h$", "<p><math>"),
        ("It costs $5 and $10 a month", "It costs $5 and $10 a month"),
        ("$0.001 x 1B", "$0.001 x 1B"),
        ("from $5-$10", "from $5-$10"),
        (r"\$h$", "$h$"),
        ("`$h$`", "<code>$h$</code>"),
        ("$a_1 + a_2$ and *b*", "<em>b</em>"),
    ],
)
def test_formulas_and_sums_of_money_are_told_apart(markdown, expected):
    assert expected in html_of(markdown)


@pytest.mark.parametrize("latex", ["\\frac{1}{", "x^", "\\left( x", "x^1^2", "{", "a" * 1001])
def test_a_formula_that_is_no_latex_is_a_problem_at_its_line(latex):
    text = FRONT + f"one\n\ntwo ${latex}$ three\n" + QUIZ
    assert said(render(text))[0].startswith(f"02.md:{line_in(text, 'two')}: this formula ")


def test_code_is_highlighted_on_the_server_by_classes():
    html = html_of('```python title="shop/cache.py"\nimport os\n```')
    assert '<div class="language-python highlight"><span class="filename">shop/cache.py</span>' in html
    assert '<pre role="group" tabindex="0" aria-label="Code: Python">' in html
    assert '<span class="kn">import</span>' in html


def test_a_corner_of_a_table_without_words_is_no_heading():
    html = html_of("| | Gain |\n|---|---|\n| TTL | simple |")
    assert "<td></td>\n<th>Gain</th>" in html


def test_a_table_scrolls_in_a_region_named_after_its_heading():
    html = html_of("## Layers\n\na | b\n--|--:\n1 | 2")
    assert '<div class="scroll" role="region" tabindex="0" aria-label="Table: Layers"><table>' in html
    assert '<td align="right">2</td>' in html
    assert "</table></div>" in html


def test_links_abroad_give_nothing_away_and_links_to_lessons_are_made_real():
    html = html_of("[a](https://e.org/x) [b](lesson:blocks/load-balancing#l4) [c](#d)\n\n## d")
    assert '<a rel="noopener" href="https://e.org/x">a</a>' in html
    assert '<a href="/learn/blocks/load-balancing/#l4">b</a>' in html
    assert '<a href="#d">c</a>' in html


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[x](lesson:blocks/shardin)", 'there is no lesson "blocks/shardin"'),
        ("[x](lesson:blocks/load-balancig)", 'did you mean "blocks/load-balancing"?'),
        ("[x](other.md)", '"other.md" leads nowhere'),
        ("[x](//e.org)", '"//e.org" leads nowhere'),
        ("# Title", "the title is in the front matter; start headings at ##"),
        ("![x](y.png)", "there are no images; draw it as a /// diagram"),
        ("```\nplain\n```", "name the language of this code"),
        ("```pyhton\nx\n```", 'there is no highlighting for "pyhton"; did you mean "python"?'),
    ],
)
def test_a_line_to_change_is_named(line, words):
    text = FRONT + f"Above.\n\n{line}\n" + QUIZ
    at = line_in(text, line.split("\n")[0])
    assert any(found.startswith(f"02.md:{at}: ") and words in found for found in said(render(text)))


def test_nothing_in_code_is_taken_for_text():
    assert said(body("`[x](lesson:no)` and\n\n```text\n# [x](lesson:no) ![x](y)\n/// lba\n///\n```")) == []


def test_reading_time_counts_words_but_neither_code_nor_quiz():
    lesson = body("word " * 440 + "\n\n```text\n" + "code " * 500 + "\n```")
    assert (lesson.words, lesson.minutes) == (440, 2)
    assert render(WHOLE).minutes == 1


def test_quotation_marks_are_set_and_code_is_left_alone():
    html = html_of('He said "no", it\'s `"code"`.')
    assert "He said “no”, it’s <code>" in html
    assert "“code" not in html


def test_control_characters_are_named_and_dropped():
    text = FRONT + "one\n\ntwo \x00three\n" + QUIZ
    lesson = render(text)
    assert said(lesson) == [
        f"02.md:{line_in(text, 'two')}: there is an invisible control character (U+0000); take it away"
    ]
    assert "\x00" not in lesson.html


def test_a_file_far_too_long_is_refused():
    assert any("characters; at most 200,000" in line for line in said(render(FRONT + "x" * 200_001)))
