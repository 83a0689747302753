import pytest

from tests.content.texts import FRONT, QUIZ, body, html_of, line_in, render, said


def problems_of(markdown):
    """Return what is said about a body, its lines counted from the first line of the body."""
    offset = FRONT.count("\n")
    return [f"{problem.line - offset}: {problem.message}" for problem in body(markdown).broken]


LAB = "/// lab | caching\n    preset: all\n\nWatch *this*.\n///"


def test_a_lab_is_a_link_that_the_live_panel_takes_the_place_of():
    html = html_of(LAB)
    assert 'id="lab-caching" aria-label="Lab: What a cache saves" hx-get="/labs/caching/?preset=all"' in html
    assert 'hx-trigger="load" hx-swap="outerHTML"' in html
    assert '<a href="/labs/caching/?preset=all">Open the lab</a>' in html
    assert "<em>this</em>" in html


def test_a_second_block_of_a_lab_is_a_link_into_the_first_panel():
    html = html_of(LAB + "\n\n/// lab | caching\n///")
    assert html.count('id="lab-caching"') == 1
    assert 'href="/labs/caching/?preset=small" hx-get="/labs/caching/?preset=small" hx-target="#lab-caching"' in html


def test_a_lab_that_is_not_built_is_a_note_and_nothing_for_readers():
    lesson = body("/// lab | sharding\n\ntext\n///")
    assert lesson.broken == ()
    assert [problem.message for problem in lesson.problems] == ["pending: lab sharding is not built yet"]
    assert "sharding" not in lesson.html


def test_a_bet_asks_the_presets_question_in_the_unit_that_people_use():
    html = html_of("/// predict | caching\n///")
    assert '<bet-form for="lab-caching"><form class="predict" method="get" action="/labs/caching/#lab-caching">' in html
    assert "One in ten fits. How many &lt;hits&gt;?" in html
    assert 'placeholder="from 0 to 100"' in html
    assert [f'name="{name}"' in html for name in ("guess", "guess_low", "guess_high", "preset")] == [True] * 4
    assert '<button class="plain" name="bet" value="skip" formnovalidate>Skip</button>' in html


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("/// lba | caching\n///", '1: there is no block "lba"; did you mean "lab"?'),
        ("\n\n/// lab\n///", "3: name the lab: /// lab | caching"),
        ("/// lab | caching\n    present: all\n///", '2: there is no "present" here; did you mean "preset"?'),
        ("/// lab | caching\n    preset: smal\n///", '2: the lab has no preset "smal"; did you mean "small"?'),
        ("/// predict | caching\n    preset: [\n///", "2: this is not valid YAML"),
    ],
)
def test_a_mistake_in_a_block_is_named_with_its_line(markdown, expected):
    assert any(line.startswith(expected) for line in problems_of(markdown))


CLAIM = """\
/// claim
    lab: caching
    params: {capacity: 0.2, policy: lru}
    figure: hit_ratio
    operator: within
    value: 0.58
    tolerance: 0.03

A tenth gives **58 %**.
///"""


def test_a_claim_says_what_checks_it_and_is_kept_for_checking():
    lesson = body(CLAIM)
    claim = lesson.claims[0]
    assert (claim.lab, claim.params, claim.value) == ("caching", {"capacity": "0.2", "policy": "lru"}, 0.58)
    assert claim.line == line_in(FRONT + CLAIM, "/// claim")
    assert "Hit ratio within 58\u00a0% ± 3\u00a0%" in lesson.html
    assert 'href="/labs/caching/?capacity=0.2&amp;policy=lru"' in lesson.html
    assert (claim.holds(0.60), claim.holds(0.62)) == (True, False)


@pytest.mark.parametrize(
    ("operator", "below", "same", "above"),
    [("<", True, False, False), ("<=", True, True, False), (">", False, False, True), (">=", False, True, True)],
)
def test_a_claim_holds_as_its_operator_says(operator, below, same, above):
    text = CLAIM.replace("within", f'"{operator}"').replace("    tolerance: 0.03\n", "")
    claim = body(text).claims[0]
    assert (claim.holds(0.5), claim.holds(0.58), claim.holds(0.6)) == (below, same, above)


def test_a_claim_with_a_preset_takes_its_settings_and_changes_them():
    text = CLAIM.replace("    params: {capacity: 0.2, policy: lru}\n", "    preset: all\n    params: {policy: lfu}\n")
    assert body(text).claims[0].params == {"capacity": "1.0", "policy": "lfu"}


def test_a_claim_about_a_lab_to_come_is_shown_as_not_checked():
    lesson = body(CLAIM.replace("lab: caching", "lab: sharding"))
    assert lesson.broken == ()
    assert lesson.claims == ()
    assert "Not checked yet" in lesson.html


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("figure: hit_ratio", "figure: hitratio", '4: the lab has no figure "hitratio"; did you mean "hit_ratio"?'),
        ("capacity: 0.2", "size: 0.2", '3: the lab has no parameter "size"'),
        ("capacity: 0.2", "capacity: 7", '3: "capacity" cannot be 7: Out of range. Use a number from 0.01 to 1.'),
        ("policy: lru", "policy: fifo", '3: "policy" cannot be fifo: Not one of the choices.'),
        ("value: 0.58", "value: 58", "6: hit_ratio is a share: write 0.58, not 58"),
        ("operator: within", "operator: about", '5: "operator" cannot be "about"'),
        ("    tolerance: 0.03\n", "", '2: "within" needs a tolerance'),
        ("A tenth gives **58 %**.", "", "1: say in words what is claimed"),
    ],
)
def test_a_claim_that_the_lab_cannot_check_is_a_problem(old, new, expected):
    assert any(line.startswith(expected) for line in problems_of(CLAIM.replace(old, new)))


TABS = "/// tabs\n/// tab | Python\n```python\nx = 1\n```\n///\n/// tab | .NET\ntext\n///\n///"


def test_tabs_switch_by_radio_buttons_and_hold_every_panel():
    html = html_of(TABS)
    assert html.count('type="radio" name="tabs-1"') == 2
    assert html.count(" checked") == 1
    assert '<label for="tabs-1-2">.NET</label>' in html
    assert html.count('class="tabbed-block"') == 2
    assert 'aria-label="Code: Python"' in html


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("/// tabs\n/// tab | A\na\n///\n///", "1: tabs need 2 to 5 /// tab blocks; there are 1"),
        (TABS.replace(".NET", "Python"), "7: each tab has a name of its own"),
        (TABS.replace("/// tabs\n", "/// tabs\nstray\n"), "2: between /// tabs and its end"),
        (TABS.replace("text", "/// lab | caching\n///"), "8: a tab holds text and code"),
        ("/// tab | A\na\n///", '1: there is no block "tab"'),
    ],
)
def test_tabs_that_are_put_together_wrongly_are_named(markdown, expected):
    assert any(line.startswith(expected) for line in problems_of(markdown))


def test_details_hold_text_and_other_blocks():
    html = html_of(f"/// details | Why & how\n**Context.**\n\n{CLAIM}\n///")
    assert '<details class="more"><summary>Why &amp; how</summary>' in html
    assert 'class="claim"' in html


DIAGRAM = """\
/// diagram | A read
nodes:
  app: {type: app, label: Application with a long name}
  cache: {type: cache, label: A cache with a long name}
edges:
  - {from: app, to: cache, label: look up}
description: The application asks the cache.
///"""


def test_a_diagram_is_a_picture_and_the_same_in_words():
    html = html_of(DIAGRAM)
    assert '<figure class="diagram" id="diagram-1"><figcaption>A read</figcaption>' in html
    assert "<li>Application with a long name to A cache with a long name: look up</li>" in html
    assert 'role="region" tabindex="0" aria-label="Diagram: A read"' in html


def test_a_diagram_too_wide_for_a_phone_has_a_second_one_that_runs_down():
    assert html_of(DIAGRAM).count("<svg") == 2
    assert html_of(DIAGRAM.replace("nodes:", "direction: down\nnodes:")).count("<svg") == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("to: cache,", "to: cash,", '2: the edge from "app" to "cash" names "cash", which is not in nodes'),
        ("type: cache", "type: cahce", '4: "nodes cache type" cannot be "cahce"; did you mean "cache"?'),
        ("label: look up", "lable: look up", '6: there is no "lable" here; did you mean "label"?'),
        ("description: The application asks the cache.\n", "", '2: "description" is missing'),
        ("| A read", "", "1: give the diagram a title"),
    ],
)
def test_a_diagram_that_cannot_be_drawn_says_why(old, new, expected):
    assert any(line.startswith(expected) for line in problems_of(DIAGRAM.replace(old, new)))


def test_questions_in_details_are_refused():
    lesson = render(FRONT + f"/// details | x{QUIZ}///\n")
    assert any("a quiz does not stand in details" in line for line in said(lesson))
