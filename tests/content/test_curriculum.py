"""Are the lessons of this site whole? Each by its anatomy, all of them against what the sources hold."""

import ast
import re
import textwrap
from functools import cache
from pathlib import Path

import pytest
import yaml

from apps.content.coverage import check_coverage
from apps.content.library import read_library
from apps.experiments.registry import experiments

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
LIBRARY = read_library(CONTENT)
FILES = {file.name: file for file in LIBRARY.lessons}
SECTIONS = [
    "Overview", "How it works", "Variants", "Use it when, avoid it when", "Failure modes", "In production",
    "In your stack", "What most articles get wrong", "In the interview", "Numbers to know", "Quiz", "Decision record",
    "Next",
]  # fmt: skip
PYTHON = re.compile(r"^```python[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# So many things does each source hold: whoever takes one off the list takes it off here too.
ITEMS = {
    "System Design for Backend Engineers": 87,
    "System Design Concepts Every Backend Engineer Must Know": 278,
    "System Design: How to Think Like a Backend Engineer": 46,
    "Backend system design scope": 65,
    "What 4+ Years of Backend Engineering Taught Me About System Design": 64,
}

each_lesson = pytest.mark.parametrize("name", sorted(FILES))


@cache
def lesson(name):
    return FILES[name].render(experiments(), LIBRARY.names, LIBRARY.glossary)


@each_lesson
def test_a_lesson_is_right(name):
    assert [str(problem) for problem in lesson(name).broken] == []


@each_lesson
def test_a_lesson_has_every_part_in_its_order(name):
    found = [heading.title for heading in lesson(name).headings if heading.level == 2]
    assert [title for title in found if title in SECTIONS] == SECTIONS
    if 'class="lab ' in lesson(name).html:
        assert "Live lab" in found


@each_lesson
def test_a_lesson_shows_compares_and_names_its_sources(name):
    html = lesson(name).html
    assert html.count('<figure class="diagram') >= 2
    assert html.count("<table>") >= 1
    assert len(lesson(name).front.sources) >= 2
    in_production = html.partition('<h2 id="in-production">')[2].partition("<h2 ")[0]
    assert in_production.count("<strong>") >= 2, "two documented systems, each by its name"


@each_lesson
def test_a_lesson_asks_six_questions_on_its_own_concepts(name):
    questions = lesson(name).questions
    assert len(questions) >= 6
    assert len({question.kind for question in questions}) >= 2
    assert {question.concept for question in questions} <= set(lesson(name).front.concepts)


@each_lesson
def test_a_lesson_is_no_note(name):
    assert lesson(name).words >= 900


@each_lesson
def test_code_is_shown_in_two_stacks_and_python_is_python(name):
    text = FILES[name].text
    assert {"Python", ".NET"} <= set(re.findall(r"^/// tab \| (.+?) *$", text, re.MULTILINE))
    for code in PYTHON.findall(text):
        ast.parse(textwrap.dedent(code))


@each_lesson
def test_the_code_of_a_lesson_is_run_by_a_test(name):
    file = Path(FILES[name].shown)
    place = f"{file.parent.name}/{file.stem}"
    assert any(f'"{place}"' in test.read_text() for test in (ROOT / "tests/lessons").glob("test_*_code.py"))


def test_all_fifty_lessons_are_there():
    tracks = {"foundations": 10, "building-blocks": 12, "backend-design": 15, "production": 9, "interview": 4}
    assert {track: sum(name.startswith(f"{track}/") for name in FILES) for track in tracks} == tracks


def test_nothing_that_the_sources_hold_is_left_out():
    lessons = {name: lesson(name) for name in FILES}
    assert [str(problem) for problem in check_coverage(CONTENT, lessons)] == []


def test_the_list_of_what_the_sources_hold_is_whole():
    sources = yaml.safe_load((CONTENT / "coverage.yaml").read_text())["sources"]
    assert {source["title"]: len(source["items"]) for source in sources} == ITEMS
