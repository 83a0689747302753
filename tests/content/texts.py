"""Texts of lessons for the tests: a whole one that is right, to be made wrong at one place."""

from apps.content.lesson import Lesson
from apps.content.render import render_lesson
from apps.content.rendering import Place
from tests.content.lab import LABS

GLOSSARY = """\
glossary:
  hit-ratio: {term: hit ratio, means: The share of reads that the cache answers., also: [hit ratios]}
"""
FRONT = f"""\
---
title: A cache is a bet
short: Caching
summary: You keep a tenth in memory.
concepts: [hit-ratio]
prerequisites: [load-balancing]
labs: [caching]
{GLOSSARY}sources:
  - {{title: On caches, author: Ada, year: 1999, where: Journal}}
updated: 2026-11-20
---
"""
OPENING = """
Half of **nothing** is nothing.

## Where the copies live

Text with $h = 1$ and a [lesson](lesson:blocks/load-balancing).
"""
LESSONS = {"blocks/load-balancing", "blocks/caching"}


def question(number, **more):
    """Return one right question as a block."""
    lines = {
        "id": f"q-{number}",
        "kind": "single",
        "concept": "hit-ratio",
        "question": f"Question {number}?",
        "options": "[{text: yes, correct: true}, {text: no, why: It is not.}]",
        "explanation": "So it is.",
        **more,
    }
    body = "\n".join(f"{name}: {value}" for name, value in lines.items() if value is not None)
    return f"\n/// quiz\n{body}\n///\n"


QUIZ = "".join(question(number) for number in range(1, 7))
WHOLE = FRONT + OPENING + QUIZ


def render(text, *, labs=LABS, lessons=frozenset(LESSONS), **more) -> Lesson:
    """Return the text rendered as the lesson blocks/caching in 02.md."""
    return render_lesson(text, place=Place("02.md", "blocks", "caching"), order=2, labs=labs, lessons=lessons, **more)


def body(markdown, **more) -> Lesson:
    """Return a lesson with this body and a right quiz below it."""
    return render(FRONT + markdown + QUIZ, **more)


def html_of(markdown, **more) -> str:
    """Return the HTML of a body, without the quiz."""
    return body(markdown, **more).html.partition('<section class="quiz"')[0].strip()


def said(lesson) -> list[str]:
    """Return the problems as they are printed, without the notes."""
    return [str(problem) for problem in lesson.broken]


def line_in(text, snippet) -> int:
    """Return the number of the first line that holds the snippet."""
    return next(number for number, line in enumerate(text.split("\n"), start=1) if snippet in line)
