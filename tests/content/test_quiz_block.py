import pytest

from tests.content.texts import FRONT, OPENING, QUIZ, WHOLE, line_in, question, render, said

SEVENTH = FRONT + OPENING + QUIZ


def with_question(**fields):
    """Return what is said about a lesson with one more question, without the name of the file."""
    return [line.partition(": ")[2] for line in said(render(SEVENTH + question(7, **fields)))]


def test_the_questions_form_one_section_that_asks_for_the_forms_when_it_is_seen():
    html = render(WHOLE).html
    assert html.count('<section class="quiz"') == 1
    assert 'hx-get="/learn/blocks/caching/quiz/" hx-trigger="intersect once" hx-swap="outerHTML"' in html
    assert html.count('<li class="question" id="question-q-') == 6


def test_without_javascript_answer_and_reasons_open_on_a_click():
    html = render(WHOLE).html
    assert "<details><summary>Answer and reasons</summary>" in html
    assert "no – <strong>wrong</strong>: It is not." in html


def test_texts_of_a_question_may_hold_code_and_formulas():
    lesson = render(SEVENTH + question(7, question="'Is `x` $h > 1$?'"))
    assert "<code>x</code>" in lesson.questions[-1].question
    assert "<math>" in lesson.questions[-1].question


def test_numbers_are_shown_with_their_unit_and_tolerance():
    fields = {"kind": "numeric", "options": None, "answer": "1000", "tolerance": "50", "unit": "reads/s"}
    html = render(SEVENTH + question(7, **fields)).html
    assert "<strong>1,000\u00a0reads/s</strong>, give or take 50\u00a0reads/s." in html


def test_steps_to_order_are_shown_shuffled_and_always_alike():
    fields = {"kind": "ordering", "options": None, "order": "[first, second, third, fourth]"}
    asked = render(SEVENTH + question(7, **fields)).questions[-1]
    assert sorted(asked.shown_order) == [0, 1, 2, 3]
    assert asked.shown_order != [0, 1, 2, 3]
    assert asked.shown_order == render(SEVENTH + question(7, **fields)).questions[-1].shown_order


@pytest.mark.parametrize("count", range(3, 12))
def test_no_number_of_steps_is_shown_in_the_right_order(count):
    order = str([f"s{number}" for number in range(count)])
    for number in range(7, 12):
        fields = {"kind": "ordering", "options": None, "order": order}
        asked = render(SEVENTH + question(number, **fields)).questions[-1]
        assert sorted(asked.shown_order) == list(range(count)) != asked.shown_order


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"options": "[{text: a, correct: true}, {text: b}]"}, '"options 2" is wrong but does not say why'),
        ({"options": "[{text: a, why: x}, {text: b, why: y}]"}, "0 entries with `correct: true`; exactly one"),
        ({"options": "[{text: a, correct: true}]"}, '"options" needs at least 2 entries'),
        ({"kind": "multiple", "options": "[{text: a, correct: true}, {text: b, why: y}]"}, "at least 3 entries"),
        ({"kind": "numeric", "options": None, "answer": "3"}, 'a "numeric" question needs "tolerance"'),
        ({"answer": "3"}, '"answer" does not go with a "single" question'),
        ({"kind": "ordering", "options": None, "order": "[a, b]"}, "an ordering needs at least three steps"),
        ({"kind": "choice-with-reason"}, 'a "choice-with-reason" question needs "reasons"'),
        ({"kind": "essay"}, '"kind" cannot be "essay"'),
        ({"explanation": None}, '"explanation" is missing'),
        ({"id": "q-1"}, 'the id "q-1" stands in this lesson twice'),
        ({"concept": "hit-ration"}, '"hit-ration" is not one of the lesson\'s concepts; did you mean "hit-ratio"?'),
        ({"options": "[{text: a, corect: true}]"}, 'there is no "corect" here; did you mean "correct"?'),
        ({"answer": "inf", "tolerance": "1", "kind": "numeric", "options": None}, '"answer" should be a number'),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_problem(fields, expected):
    assert any(expected in message for message in with_question(**fields))


def test_the_problem_stands_at_the_line_of_the_option():
    text = WHOLE + "\n/// quiz\nid: x\nkind: single\nconcept: hit-ratio\nquestion: Q\noptions:\n"
    text += "  - text: a\n    correct: true\n  - text: b\nexplanation: e\n///\n"
    assert said(render(text)) == [
        f'02.md:{line_in(text, "- text: b")}: "options 2" is wrong but does not say why; add `why: …`'
    ]


def test_a_lesson_has_at_least_six_questions():
    text = FRONT + OPENING + question(1)
    assert said(render(text)) == [
        f"02.md:{line_in(text, '/// quiz')}: a lesson has at least 6 quiz questions; this one has 1"
    ]


def test_questions_stand_together():
    text = WHOLE + "\nIn between.\n" + question(7)
    assert any("the questions do not stand together" in line for line in said(render(text)))
