"""A challenge on the site: what it fixes is checked, a run is judged, and each learner sees their own tries only."""

import re
import uuid

import pytest

from apps.experiments.base import Figure
from apps.experiments.registry import experiments
from apps.labs.models import Run, RunState, Study
from apps.labs.results import interval_told
from apps.labs.studies import setup_of
from tests.labs.rows import carry_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]

SLUG, NAME = "load-balancing", "one-is-slow"
LAB = experiments()[SLUG]
CHALLENGE = LAB.challenges[NAME]
PAGE = f"/labs/{SLUG}/?challenge={NAME}&new=1"


def send(client, choice, **fields):
    """Post the form of a try as its page does."""
    typed = {"bet": "skip", "challenge": NAME, "idempotency_key": str(uuid.uuid4())}
    settings = {name: str(value) for name, value in CHALLENGE.settings(choice).items()}
    return client.post(f"/labs/{SLUG}/runs/", {**typed, **settings, **fields})


def end(run, *, won):
    """End a run with figures that keep every goal, or none."""
    figures = {}
    for goal in CHALLENGE.goals:
        up = (goal.operator == ">=") is won
        figures[goal.figure] = goal.value + (1 if up else -1) * abs(goal.value) / 2
    carry_out(run, **figures)


def newest():
    return Run.objects.order_by("created_at").last()


def text_of(client, url):
    return " ".join(client.get(url).content.decode().split())


def test_the_page_tells_what_must_hold_and_what_may_be_changed(ada):
    page = text_of(ada, f"/labs/{SLUG}/")
    assert CHALLENGE.title in page
    assert f"/labs/{SLUG}/?challenge={NAME}&amp;new=1" in page
    assert "Try it" in page
    for goal in CHALLENGE.goals:
        assert LAB.figures[goal.figure].label in page


def test_the_knobs_stand_as_it_asks_and_only_the_free_ones_are_open(ada):
    groups = ada.get(PAGE).context["panel"].knobs
    knobs = {knob.field.name: knob for group in groups for knob in group.knobs}
    assert {name for name, knob in knobs.items() if not knob.is_fixed} == set(CHALLENGE.free)
    page = ada.get(PAGE).content.decode()
    assert f'name="challenge" value="{NAME}"' in page
    assert "Run this try" in page
    assert "Skip the guess" not in page, "no bet is asked for"


def test_a_try_is_a_run_that_knows_its_challenge(ada):
    answer = send(ada, CHALLENGE.naive)
    assert answer.status_code == 302
    run = newest()
    assert (run.challenge, run.preset, run.guess) == (NAME, "", None)
    assert all(run.params[name] == value for name, value in CHALLENGE.params.items() if name not in CHALLENGE.free)


def test_two_clicks_are_one_try(ada):
    key = str(uuid.uuid4())
    assert send(ada, {}, idempotency_key=key).url == send(ada, {}, idempotency_key=key).url
    assert Run.objects.count() == 1


def test_a_reload_of_its_address_finds_the_try(ada):
    send(ada, {})
    assert newest().pk in text_of(ada, f"/labs/{SLUG}/?challenge={NAME}")


@pytest.mark.parametrize("kept", [True, False], ids=["named by it", "left at the lab's default"])
def test_what_it_fixes_cannot_be_changed_by_hand(ada, kept):
    names = [name for name in LAB.params if name not in CHALLENGE.free and (name in CHALLENGE.params) is kept]
    name = next(each for each in names if not LAB.params[each].choices)
    stands = CHALLENGE.params.get(name, LAB.params[name].default)
    other = LAB.params[name].low if stands != LAB.params[name].low else LAB.params[name].high
    answer = send(ada, {}, **{name: str(other)})
    assert answer.status_code == 422
    assert "fixes this" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_challenge_that_the_lab_does_not_have_is_named(ada):
    answer = send(ada, {}, challenge="be-lucky")
    assert answer.status_code == 422
    assert f"There is no challenge “be-lucky”. Known: {NAME}" in answer.content.decode()


def test_a_try_that_keeps_every_goal_is_won_and_tells_the_idea(ada):
    send(ada, CHALLENGE.solution)
    end(newest(), won=True)
    answer = ada.get(newest().get_absolute_url())
    page = " ".join(answer.content.decode().split())
    assert "<b>Won</b>" in page
    assert "<b>The idea:</b>" in page
    assert "Not held" not in page
    assert answer.context["panel"].outcome_of_try.won


def test_a_try_that_breaks_a_goal_is_lost_and_keeps_the_idea_folded(ada):
    send(ada, CHALLENGE.naive)
    end(newest(), won=False)
    page = text_of(ada, newest().get_absolute_url())
    assert "<b>Lost</b>" in page
    assert "<b>Not held</b>" in page
    assert "Tell me the idea" in page


def test_the_cheapest_win_is_the_best_and_losses_do_not_count(ada, settings):
    settings.RUN_LIMITS = {**settings.RUN_LIMITS, "active_per_learner": 9}
    for choice, won in [(CHALLENGE.naive, False), (CHALLENGE.solution, True)]:
        send(ada, choice)
        end(newest(), won=won)
    told = ada.get(PAGE).context["panel"].tried
    assert [each.won for each in told.judged] == [True, False]
    assert told.best.run.pk == newest().pk


def test_a_stranger_s_tries_are_not_mine(ada, brian):
    send(ada, CHALLENGE.solution)
    mine = newest()
    end(mine, won=True)
    assert mine.pk in text_of(ada, PAGE)
    assert mine.pk not in text_of(brian, PAGE)
    send(brian, CHALLENGE.naive)
    end(newest(), won=False)
    assert mine.pk not in text_of(brian, PAGE)
    seen = brian.get(mine.get_absolute_url())
    assert "<b>Won</b>" in seen.content.decode(), "whoever has the address may read the run"
    assert "cheapest win" not in seen.content.decode()


def test_a_try_may_be_bet_on(ada):
    declared = LAB.figures[CHALLENGE.goals[0].figure]
    typed = "50" if declared.unit == "%" else str(CHALLENGE.goals[0].value)
    send(ada, {}, bet="guess", guess=typed, guess_low=typed, guess_high=typed)
    assert newest().guess["figure"] == CHALLENGE.goals[0].figure


def test_a_try_that_has_come_to_nothing_is_not_judged(ada):
    send(ada, {})
    Run.objects.update(state=RunState.RUNNING)
    panel = ada.get(newest().get_absolute_url()).context["panel"]
    assert panel.outcome_of_try is None
    assert panel.tried.judged == []


def test_an_interval_is_told_with_two_digits():
    figure = next(each for each in LAB.figures.values() if each.unit == "ms")
    assert interval_told(figure, 2.3456, 5.0) == "±\u00a02.3\u00a0ms"
    assert interval_told(figure, 2345.6, 5e4) == "±\u00a02,300\u00a0ms"
    assert interval_told(figure, None, 5.0) == ""
    assert interval_told(figure, 4.6e-13, 5.0) == "exact"


@pytest.mark.parametrize(
    ("value", "half", "told"),
    [
        (0.0, 0.007, "±\u00a00.7\u00a0%"),
        (0.0, 4.6e-13, "exact"),
        (1.0, 4.6e-13, "exact"),
        (0.5, 0.123, "±\u00a012\u00a0%"),
        (0.4, 3.0, "±\u00a060\u00a0%"),
        (1.0, 12.7, "±\u00a0100\u00a0%"),
    ],
)
def test_an_interval_of_a_share_says_no_more_than_a_share_can_be(value, half, told):
    assert interval_told(Figure("Hit ratio", "%", ""), half, value) == told


def test_a_try_is_repeated_as_a_study_of_its_challenge(ada):
    send(ada, CHALLENGE.solution)
    end(newest(), won=True)
    page = ada.get(f"/runs/{newest().pk}/").content.decode()
    again = page[page.index(f'action="/labs/{SLUG}/studies/"') :].split("</form>")[0]
    assert f'name="challenge" value="{NAME}"' in again
    assert 'name="preset"' not in again
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', again))
    answer = ada.post(f"/labs/{SLUG}/studies/", {**fields, "trials": "2"})
    study = Study.objects.get()
    assert (study.preset, study.challenge) == ("", NAME)
    assert setup_of(study).figure == CHALLENGE.goals[0].figure
    for run in study.runs.all():
        end(run, won=True)
    page = text_of(ada, answer.url)
    assert f"Challenge: {CHALLENGE.title}" in page
    assert "Why did that come out?" not in page, "its causes are another question's"
    assert f"?challenge={NAME}&amp;new=1" in page
    assert study.pk in ada.get(f"/labs/{SLUG}/?challenge={NAME}").url, "a reload finds it"
