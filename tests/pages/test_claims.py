"""What lessons claim is put to the lab: a true claim holds, a false one is found out."""

from collections import Counter
from contextlib import closing

import pytest

from apps.content.library import read_library
from apps.experiments.bench import Bench
from apps.experiments.registry import experiments
from apps.pages.claims import claims_of, verify

LESSON = """---
title: A lesson of one claim
summary: It claims something of a cache.
concepts: [caching]
updated: 2026-11-20
---
/// claim
    lab: caching
    params: {{duration_s: 2, objects: 1000, offered_rps: 200, pattern: none}}
    figure: hit_ratio
    operator: "{operator}"
    value: 0.5

Without a cache nothing is answered from it.
///
"""


@pytest.fixture
def content(tmp_path):
    def write(operator):
        folder = tmp_path / "lessons" / "building-blocks"
        folder.mkdir(parents=True)
        (tmp_path / "tracks.yaml").write_text(
            "- {slug: building-blocks, title: Building blocks, summary: What systems are made of.}\n"
        )
        (folder / "01-claims.md").write_text(LESSON.format(operator=operator))
        return tmp_path

    return write


@pytest.mark.parametrize(("operator", "holds"), [("<", True), (">", False)])
def test_a_claim_is_judged_by_a_run(content, operator, holds):
    with closing(Bench.from_environment()) as bench:
        (verdict,) = verify(content(operator), bench)
    assert verdict.measured == 0
    assert verdict.holds is holds
    assert str(verdict).startswith("holds " if holds else "BROKEN")


def test_what_the_lessons_claim_of_counts_holds(settings):
    """The claims on a virtual clock: exact and quick. Those that measure time are put to the labs every night."""
    with closing(Bench.from_environment()) as bench:
        verdicts = list(verify(settings.CONTENT_DIR, bench, timed=False))
    assert len(verdicts) >= 2
    assert [str(verdict) for verdict in verdicts if not verdict.holds] == []


def labs_of(file):
    """Return the labs of today that the front matter of a lesson's file names."""
    front = file.render(experiments(), frozenset()).front
    return set(front.labs) & set(experiments())


def test_every_lesson_with_a_lab_makes_claims_that_todays_labs_can_check(settings):
    lessons = Counter(lesson for lesson, _ in claims_of(settings.CONTENT_DIR))
    with_lab = {file.shown for file in read_library(settings.CONTENT_DIR).lessons if labs_of(file)}
    assert set(lessons) == with_lab
    assert min(lessons.values()) >= 4
