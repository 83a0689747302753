import pytest

from tests.content.texts import FRONT, body, html_of

SEQUENCE = """\
/// sequence | A retry
actors:
  client: {type: client, label: App on a phone}
  api: {type: app, label: Payments API}
steps:
  - {from: client, to: api, label: POST /payments}
  - from: api
    to: client
    kind: lost
  - {note: 2 s pass, over: client}
description: The answer is lost.
///"""


def test_a_sequence_is_a_picture_and_the_same_in_words():
    html = html_of(SEQUENCE)
    assert '<figure class="diagram" id="sequence-1"><figcaption>A retry</figcaption>' in html
    assert 'role="region" tabindex="0" aria-label="Sequence: A retry"' in html
    assert "<summary>The sequence in words</summary><p>The answer is lost.</p>" in html
    assert "<li>App on a phone to Payments API: POST /payments</li>" in html


def test_only_a_sequence_too_wide_for_a_phone_has_a_second_drawing():
    assert html_of(SEQUENCE).count("<svg") == 1
    longer = SEQUENCE.replace("POST /payments", "POST /payments with an idempotency key, now")
    longer = longer.replace("label: POST", 'label: "POST').replace("now}", 'now"}')
    assert html_of(longer).count('<svg class="narrow design sequence"') == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    to: client", "    to: cleint", '8: "cleint" is not one of the actors; did you mean "client"?'),
        ("over: client", "over: db", '10: "db" is not one of the actors; there is client, api'),
        ("kind: lost", "kind: async lost", '9: "steps 2 kind" cannot be "async lost"'),
        ("type: app", "type: apb", '4: "actors api type" cannot be "apb"; did you mean "app"?'),
        ("label: POST /payments", "lable: x", '6: there is no "lable" here; did you mean "label"?'),
        (", over: client", "", "10: a step is one of {from, to, label, kind}, {note, over} and {divider}"),
        ("description: The answer is lost.\n", "", '2: "description" is missing'),
        ("  api: {type: app, label: Payments API}\n", "", '2: "actors" needs at least 2'),
        ("| A retry", "", "1: give the sequence a title"),
    ],
)
def test_a_sequence_that_cannot_be_drawn_says_why_and_where(old, new, expected):
    offset = FRONT.count("\n")
    said = [f"{problem.line - offset}: {problem.message}" for problem in body(SEQUENCE.replace(old, new, 1)).broken]
    assert any(line.startswith(expected) for line in said), said


def test_a_comma_that_ends_a_text_too_soon_is_explained():
    said = body(SEQUENCE.replace("label: POST /payments", "label: POST, with a key")).broken
    assert 'there is no "with a key" here; a text with a comma between { } goes in quotation marks' in said[0].message
