import pytest

from apps.content.grading import AnswerError, judge
from apps.content.questions import Question

COMMON = {"id": "q", "concept": "c", "question": "Q", "explanation": "E"}
OPTIONS = [{"text": "a", "correct": True}, {"text": "b", "why": "no"}, {"text": "c", "why": "no"}]


def asked(kind, **fields):
    return Question.model_validate({**COMMON, "kind": kind, **fields})


SINGLE = asked("single", options=OPTIONS)
MULTIPLE = asked("multiple", options=[*OPTIONS, {"text": "d", "correct": True}])
BOTH = asked("choice-with-reason", options=OPTIONS, reasons=OPTIONS[::-1])
ORDER = asked("ordering", order=["one", "two", "three"])
NUMBER = asked(
    "numeric",
    answer=57,
    tolerance=3,
    unit="%",
    traps=[{"value": 10, "tolerance": 1, "why": "That is the share stored."}],
)


@pytest.mark.parametrize(
    ("question", "form", "correct"),
    [
        (SINGLE, {"choice": ["0"]}, True),
        (SINGLE, {"choice": ["1"]}, False),
        (MULTIPLE, {"choice": ["3", "0"]}, True),
        (MULTIPLE, {"choice": ["0"]}, False),
        (MULTIPLE, {"choice": ["0", "1", "3"]}, False),
        (BOTH, {"choice": ["0"], "reason": ["2"]}, True),
        (BOTH, {"choice": ["0"], "reason": ["0"]}, False),
        (BOTH, {"choice": ["1"], "reason": ["2"]}, False),
        (NUMBER, {"value": ["57"]}, True),
        (NUMBER, {"value": ["60 %"]}, True),
        (NUMBER, {"value": ["60.1"]}, False),
        (ORDER, {"place-0": ["1"], "place-1": ["2"], "place-2": ["3"]}, True),
        (ORDER, {"place-0": ["1"], "place-1": ["3"], "place-2": ["2"]}, False),
    ],
)
def test_an_answer_is_right_or_wrong(question, form, correct):
    assert judge(question, form).correct is correct


def test_a_typical_mistake_is_recognised_by_its_number():
    assert judge(NUMBER, {"value": ["10"]}).notes == ("That is the share stored.",)
    assert judge(NUMBER, {"value": ["33"]}).notes == ()


def test_a_wrong_order_names_the_first_step_out_of_place():
    verdict = judge(ORDER, {"place-0": ["2"], "place-1": ["1"], "place-2": ["3"]})
    assert verdict.notes == ("The first one out of place is number 1: two.",)


@pytest.mark.parametrize(
    ("question", "form", "field"),
    [
        (SINGLE, {}, "choice"),
        (SINGLE, {"choice": ["9"]}, "choice"),
        (BOTH, {"choice": ["0"]}, "reason"),
        (NUMBER, {"value": ["much"]}, "value"),
        (NUMBER, {}, "value"),
        (ORDER, {"place-0": ["1"], "place-1": ["1"], "place-2": ["2"]}, "order"),
        (ORDER, {"place-0": ["1"]}, "order"),
    ],
)
def test_what_is_missing_is_said_at_its_field(question, form, field):
    with pytest.raises(AnswerError) as raised:
        judge(question, form)
    assert raised.value.field == field
