"""What lessons claim is put to the lab: a true claim holds, a false one is found out."""

from contextlib import closing

import pytest

from apps.experiments.bench import Bench
from apps.pages.claims import claims_of, verify

LESSON = """---
title: A lesson of one claim
summary: It claims something of a cache.
concepts: [caching]
updated: 2026-11-20
---
/// claim
    lab: caching
    params: {{duration_s: 2, objects: 1000, reads_per_s: 200, pattern: none}}
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


def test_the_lessons_make_claims_that_todays_labs_can_check(settings):
    assert len(list(claims_of(settings.CONTENT_DIR))) >= 4
