"""Does the code in the lesson on simplicity find incomplete records, add costs up and keep the way back open?"""

import sys
from datetime import date

import pytest
from django.contrib.auth import get_user_model

from tests.lessons.tabs import module_of_tab

LESSON = "foundations/10-simplicity-cost-and-decisions"
records = module_of_tab(LESSON, "Python")
cost = module_of_tab(LESSON, "Cost")
search = module_of_tab(LESSON, "Django")
TODAY = date(2026, 11, 21)
WHOLE = """# 12. Sessions in PostgreSQL

Status: accepted
Review: 2027-05-01

## Context

Text.

## Alternatives

Text.

## Decision

Text.

## Consequences

Text.
"""


@pytest.fixture
def complaints(tmp_path):
    """A function that tells what is wrong with a record."""

    def tell(text):
        (tmp_path / "0012-sessions.md").write_text(text)
        return records.complaints(tmp_path, TODAY)

    return tell


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("", "", None),
        ("Status: accepted\n", "", "no status"),
        ("Review: 2027-05-01\n", "", "no date of review"),
        ("2027-05-01", "2026-11-20", "the review of 2026-11-20 is due"),
        ("## Alternatives\n\nText.\n", "", "nothing under Alternatives"),
        ("## Alternatives\n\nText.\n", "## Alternatives\n", "nothing under Alternatives"),
        ("Status: accepted\nReview: 2027-05-01", "Status: superseded by 0031", None),
    ],
)
def test_a_record_is_whole_or_says_what_it_lacks(complaints, old, new, wrong):
    assert old in WHOLE
    assert complaints(WHOLE.replace(old, new, 1)) == ([f"0012-sessions.md: {wrong}"] if wrong else [])


def test_costs_are_those_of_the_lesson():
    assert cost.price_of(build_h=80, run_h=3, invoice=200) == 20_000
    assert cost.price_of(build_h=120, run_h=5, invoice=400) == 33_600
    assert cost.per_million(26_000, 1_000) == pytest.approx(10, rel=0.01)


def test_what_costs_more_than_it_saves_never_pays_back():
    assert cost.months_to_pay_back(80, 3, 200, saves=250) is None
    assert cost.months_to_pay_back(80, 3, 200, saves=1_300) == 10


def test_the_seam_finds_with_what_is_there(db, monkeypatch):
    users = get_user_model()
    for name in ("running shoes", "garden shears"):
        users.objects.create(username=name)
    monkeypatch.setitem(sys.modules, "shop_search", search)
    found = search.search_from({"class": "shop_search.InDatabase", "arguments": (users, "username")})
    assert [user.username for user in found.find("run shoe")] == ["running shoes"]
