import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from apps.designs.geometry import Box
from apps.designs.sequence import Sequence, in_words
from apps.designs.sequence_layout import NARROW, WIDE, lay_out
from apps.designs.sequence_svg import draw_both
from tests.designs.stories import RETRY, stories, story

SHEETS = [WIDE, NARROW]


def strokes(layout):
    """Return every line of a layout as a thin box: lifelines, arrows, and the two halves of a divider's rule."""
    for head in layout.heads.values():
        for top, bottom in head.pieces:
            yield Box(head.x, top, 0.1, bottom - top)
    for step in layout.steps:
        for (x1, y1), (x2, y2) in pairwise(step.path):
            if step.box and x1 == 0 and x2 == layout.width:  # a rule leaves its words free
                yield from (Box(0, y1, step.box.x - 6, 0.1), Box(step.box.x + step.box.width + 6, y1, 9, 0.1))
            else:
                yield Box(min(x1, x2), min(y1, y2), abs(x1 - x2) + 0.1, abs(y1 - y2) + 0.1)


@pytest.mark.parametrize("sheet", SHEETS, ids=["wide", "narrow"])
@given(drawn=stories())
@settings(deadline=None, max_examples=60)
def test_words_stand_on_no_words_and_on_no_line_and_nothing_leaves_the_sheet(sheet, drawn):
    layout = lay_out(drawn, sheet)
    heads = [head.box for head in layout.heads.values()]
    words = [step.box for step in layout.steps if step.box]
    assert not any(one.overlaps(other) for one, other in combinations([*heads, *words], 2))
    assert not any(word.overlaps(line) for word in words for line in strokes(layout))
    for box in [*heads, *words, *strokes(layout)]:
        assert 0 <= box.x <= box.x + box.width <= layout.width + 0.2
        assert 0 <= box.y <= box.y + box.height <= layout.height


@pytest.mark.parametrize("sheet", SHEETS, ids=["wide", "narrow"])
@given(drawn=stories())
@settings(deadline=None, max_examples=40)
def test_an_arrow_leads_from_its_sender_to_its_receiver_or_is_lost_short_of_it(sheet, drawn):
    layout = lay_out(drawn, sheet)
    for step, placed in zip(drawn.steps, layout.steps, strict=True):
        if step.source:
            start, end = layout.heads[step.source].x, layout.heads[step.target].x
            assert placed.path[0][0] == start
            if step.kind == "lost":
                assert 0.2 < abs(end - placed.path[-1][0]) / abs(end - start) < 0.4
            else:
                assert placed.path[-1][0] == end


def test_steps_stand_below_each_other_in_order():
    layout = lay_out(Sequence.model_validate(RETRY), WIDE)
    tops = [min([y for _, y in step.path] or [step.box.y]) for step in layout.steps]
    assert tops == sorted(tops)


@given(drawn=stories())
@settings(deadline=None, max_examples=30)
def test_any_sequence_is_a_well_formed_picture_without_colours_or_styles(drawn):
    markup, _ = draw_both(drawn, title="T", key="k")
    root = ElementTree.fromstring(f"<div>{markup}</div>")
    for svg in root.findall("svg"):
        assert len(svg.findall("g")) == len(drawn.actors)
        assert len([path for path in svg.findall("path") if path.get("class") == "cross"]) == sum(
            step.kind == "lost" for step in drawn.steps
        )
    assert not re.search(r"style=|fill=|stroke=|#[0-9a-f]{3}|<script|\son", markup)


def test_four_actors_with_long_words_fit_a_phone():
    steps = [{"from": "a", "to": "b", "label": "W" * 20 + " " + "W" * 20}, {"note": "why " * 15, "over": "d"}]
    drawn = story(steps, actors="abcd", label=lambda name: f"{name} load balancer")
    assert lay_out(drawn, NARROW).width <= NARROW.width


def test_six_actors_fit_a_phone_with_heads_in_two_rows():
    drawn = story([{"from": "a", "to": "f"}], actors="abcdef", label=lambda name: f"{name} load balancer")
    layout = lay_out(drawn, NARROW)
    assert layout.width <= NARROW.width
    assert len({head.box.y for head in layout.heads.values()}) == 2


def test_every_kind_of_line_is_told_apart_by_its_form():
    markup, _ = draw_both(Sequence.model_validate(RETRY), title="T", key="k")
    wide = markup[markup.rindex("<svg") :]
    assert wide.count('class="head"') == 3  # sync, return, to itself: filled
    assert wide.count('class="edge async"') == 1
    assert wide.count('class="edge return"') == 1
    assert wide.count('class="cross"') == 1
    assert ">The retry</text>" in wide


def test_a_picture_has_a_title_and_a_description_and_ids_of_its_own():
    markup, _ = draw_both(Sequence.model_validate(RETRY), title="A <retry>", key="s1")
    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    assert markup.count("&lt;retry&gt;</title>") == markup.count('role="img"')
    assert "<desc" in markup


def test_a_sequence_in_words_says_every_step():
    assert in_words(Sequence.model_validate(RETRY)) == [
        "App on a phone to Payments API: POST /payments",
        "Payments API to PostgreSQL, without waiting: INSERT",
        "PostgreSQL back to Payments API: 1 row",
        "Payments API to App on a phone, but it never arrives: 201",
        "At App on a phone: 2 s pass",
        "From here on: The retry",
        "Payments API to itself: compare",
    ]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"from": "a", "to": "bb"}, '"bb" is not one of the actors'),
        ({"note": "x", "over": "z"}, "there is a, b, c"),
        ({"from": "a"}, "a step is one of"),
        ({"from": "a", "to": "b", "note": "x"}, "a step is one of"),
        ({"note": "x", "over": "a", "label": "y"}, "a step is one of"),
        ({"note": "", "over": "a"}, "this step has no words"),
        ({"divider": ""}, "this step has no words"),
        ({"from": "a", "to": "a", "kind": "lost"}, "is not lost on the way"),
        ({}, "a step is one of"),
    ],
)
def test_a_step_that_cannot_be_drawn_says_why(step, message):
    with pytest.raises(ValidationError, match=re.escape(message)):
        story([step])
