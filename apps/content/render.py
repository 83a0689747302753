"""How does the text of a file become a lesson? Front matter, blocks, Markdown; every problem kept with its line."""

from __future__ import annotations

import re
from collections.abc import Collection

from apps.content.blocks import BLOCKS
from apps.content.blocks.quiz import gather
from apps.content.front import Front, Split, read_front, split
from apps.content.labfacts import Labs, fingerprint
from apps.content.lesson import Lesson
from apps.content.lint import lint
from apps.content.positions import Located, YamlError
from apps.content.rendering import Place, Rendering, pending_lab
from apps.content.signs import FORBIDDEN
from apps.content.terms import EMPTY, Glossary
from apps.content.validation import did_you_mean

VERSION = "4"  # raise it when the same text should give other HTML
LONGEST = 200_000  # characters: ten times a long lesson
FEWEST_QUESTIONS = 6


def renderer_key(labs: Labs) -> str:
    """Return what, besides its text and its terms, decides how a lesson looks; with those the HTML is the same."""
    return f"{VERSION}-{fingerprint(labs)}"


def render_lesson(
    text: str, *, place: Place, order: int, labs: Labs, lessons: Collection[str], glossary: Glossary = EMPTY
) -> Lesson:
    """Return the lesson that `text` says, with its problems. Raises nothing, whatever the text.

    `lessons` are the names (track/slug) that may be linked to; `labs` are the labs that are built; the terms of
    `glossary` are marked.
    """
    rendering = Rendering(place, labs, lessons, BLOCKS, glossary)
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    text = _checked(text, rendering)
    parted = _split(text, rendering)
    front = _front(parted, rendering)
    html = gather(rendering.text(parted.body, parted.body_line, listed=True), rendering)
    complaints, references = lint(parted.body, parted.body_line, lessons)
    for line, message in complaints:
        rendering.say(line, message)
    _check_quiz(rendering, front)
    return Lesson(
        track=place.track,
        slug=place.slug,
        order=order,
        front=front,
        html=html,
        headings=tuple(rendering.finish.headings),
        ids=frozenset(re.findall(r' id="([^"]+)"', html)),
        words=rendering.words,
        questions=tuple(rendering.questions),
        claims=tuple(rendering.claims),
        references=tuple(references),
        problems=tuple(sorted(set(rendering.problems))),
    )


def _checked(text: str, rendering: Rendering) -> str:
    """Return the text without what no part of the machinery can keep, after saying so."""
    if len(text) > LONGEST:
        rendering.say(1, f"this file has {len(text):,} characters; at most {LONGEST:,}")
        text = text[:LONGEST]
    if match := FORBIDDEN.search(text):
        line = text.count("\n", 0, match.start()) + 1
        rendering.say(line, f"there is an invisible control character (U+{ord(match[0]):04X}); take it away")
    return FORBIDDEN.sub("", text)


def _split(text: str, rendering: Rendering) -> Split:
    try:
        return split(text)
    except YamlError as error:
        rendering.say(error.line, error.message)
        return Split(None, text, 1)


def _front(parted: Split, rendering: Rendering) -> Front | None:
    """Return the front matter, or None after saying what is wrong with it."""
    if parted.located is None:
        return None
    front, complaints = read_front(parted.located)
    for line, message in complaints:
        rendering.say(line, message)
    if front:
        _check_names(front, parted.located, rendering)
    return front


def _check_names(front: Front, located: Located, rendering: Rendering) -> None:
    for number, name in enumerate(front.prerequisites):
        full = name if "/" in name else f"{rendering.place.track}/{name}"
        line = located.line_of(("prerequisites", number))
        if full == rendering.place.name:
            rendering.say(line, "a lesson is not its own prerequisite")
        elif full not in rendering.lessons:
            rendering.say(line, f'there is no lesson "{full}"{did_you_mean(full, rendering.lessons)}')
    for number, slug in enumerate(front.labs):
        if slug not in rendering.labs:
            rendering.say(located.line_of(("labs", number)), pending_lab(slug, rendering.labs), pending=True)


def _check_quiz(rendering: Rendering, front: Front | None) -> None:
    if rendering.asked < FEWEST_QUESTIONS:
        last = max(rendering.question_lines.values(), default=1)
        rendering.say(last, f"a lesson has at least {FEWEST_QUESTIONS} quiz questions; this one has {rendering.asked}")
    for question in rendering.questions if front else ():
        if front and question.concept not in front.concepts:
            line = rendering.question_lines[question.id]
            hint = did_you_mean(question.concept, front.concepts)
            rendering.say(line, f'"{question.concept}" is not one of the lesson\'s concepts{hint}')
