"""What holds of every simulated lab? Presets run and repeat, figures are numbers, films show what can happen."""

import json
import math
from functools import cache
from itertools import pairwise

import pytest

from apps.experiments.base import Experiment
from apps.experiments.bench import Bench
from apps.experiments.film import MOST_SIGNS, MOST_VISITS
from apps.experiments.params import ParamsError
from apps.experiments.registry import experiments
from apps.experiments.runner import run_experiment

LABS = {slug: lab for slug, lab in experiments().items() if lab.kind == "simulated"}
SMALL = {"customers": 20_000, "requests": 20_000}  # sizes that change how long, not what
EVERY_LAB = pytest.mark.parametrize("slug", LABS)
PRESETS = [
    (slug, name)
    for slug, lab in LABS.items()
    for name, preset in lab.presets.items()
    if lab.kind_of(lab.clean(preset.params)) == "simulated"
]
EVERY_PRESET = pytest.mark.parametrize(("slug", "name"), PRESETS)


def settings_of(lab: Experiment, name: str) -> dict:
    """Return the settings of a preset, its length cut where the lab allows."""
    settings = lab.clean(lab.presets[name].params)
    return {**settings, **{size: min(settings[size], few) for size, few in SMALL.items() if size in settings}}


@cache
def carried_out(slug: str, name: str):
    """Return the result of a preset with one seed; run once for all tests."""
    return fresh(slug, name)


def fresh(slug: str, name: str):
    lab = LABS[slug]
    return run_experiment(
        slug, settings_of(lab, name), seed=11, bench=Bench.from_environment(),
        on_sample=lambda _: None, should_stop=lambda: False,
    )  # fmt: skip


@EVERY_PRESET
def test_a_preset_runs_to_figures_that_are_numbers(slug, name):
    lab, result = LABS[slug], carried_out(slug, name)
    outcome = result.outcome
    assert result.kind == "simulated"
    assert outcome.figures.keys() <= lab.figures.keys()
    assert all(map(math.isfinite, outcome.figures.values())), outcome.figures
    assert outcome.intervals.keys() <= outcome.figures.keys()
    assert all(math.isfinite(half) and half >= 0 for half in outcome.intervals.values()), outcome.intervals
    assert outcome.expected.keys() <= lab.figures.keys()
    assert all(math.isfinite(each.value) and math.isfinite(each.tolerance) for each in outcome.expected.values())
    assert result.finding.endswith((".", "?"))
    assert any(letter.isdigit() for letter in result.finding), "a finding says how much"


@EVERY_PRESET
def test_what_is_bet_on_comes_out(slug, name):
    preset = LABS[slug].presets[name]
    assert preset.predict.figure in carried_out(slug, name).outcome.figures


@EVERY_LAB
def test_the_same_seed_gives_the_same_bytes(slug):
    name = next(name for lab, name in PRESETS if lab == slug)
    first, again = carried_out(slug, name).as_json(), fresh(slug, name).as_json()
    for each in (first, again):
        del each["passport"]  # says when, and how busy the machine was
    assert json.dumps(first, allow_nan=False) == json.dumps(again, allow_nan=False)


@EVERY_PRESET
def test_what_is_drawn_is_declared_short_and_finite(slug, name):
    lab, series = LABS[slug], carried_out(slug, name).series
    assert any(line.series in series for chart in lab.charts for line in chart.lines), "no chart has anything to show"
    for line, points in series.items():
        assert 0 < len(points) <= 600, line
        assert all(math.isfinite(x) and math.isfinite(y) for x, y in points), line
    logarithmic = {line.series for chart in lab.charts if chart.log_x for line in chart.lines}
    assert all(x > 0 for line in logarithmic & series.keys() for x, _ in series[line])
    for chart in (chart for chart in lab.charts if chart.shape == "bars"):
        xs = {x for line in chart.lines for x, _ in series.get(line.series, [])}
        assert xs <= set(range(len(chart.names) or 1_000)), "a bar for each name"


@EVERY_PRESET
def test_the_film_is_one_that_can_happen(slug, name):
    film = carried_out(slug, name).outcome.film
    assert film is not None, "every simulated lab shows its system"
    places = {place.name for place in film.places}
    assert len(places) == len(film.places)
    assert 0 < len(film.visits) <= MOST_VISITS
    assert len(film.signs) <= MOST_SIGNS
    assert film.caption
    assert {end for way in film.ways for end in way} <= places
    for visit in film.visits:
        assert visit.place in places
        assert visit.came <= visit.began + 1e-9, visit
        assert visit.began <= visit.left + 1e-9, visit
        assert visit.left >= film.start - 1e-9, visit
        assert math.isfinite(visit.left), visit
    assert all(sign.place in places for sign in film.signs)
    assert film.start < film.end


@EVERY_PRESET
def test_no_more_are_served_at_once_than_a_place_has_slots(slug, name):
    film = carried_out(slug, name).outcome.film
    if carried_out(slug, name).params.get("discipline") == "ps":
        return  # all who are there share the servers
    for place in (place for place in film.places if place.slots):
        moves = [(visit.began, 1) for visit in film.visits if visit.place == place.name]
        moves += [(visit.left, -1) for visit in film.visits if visit.place == place.name]
        busy = 0
        for (at, change), (then, _) in pairwise([*sorted(moves), (math.inf, 0)]):
            busy += change
            assert busy <= place.slots or then - at < 1e-9, f"{place.name} serves {busy} at {at}"


@EVERY_LAB
def test_its_questions_can_be_asked(slug):
    lab = LABS[slug]
    assert 3 <= len(lab.presets) <= 8
    for name, preset in lab.presets.items():
        assert preset.predict.figure in lab.figures
        assert preset.predict.low < preset.predict.high
        lab.clean(preset.params)
        assert [cause.right for cause in preset.causes].count(True) == 1, name
        assert len({cause.text for cause in preset.causes}) == len(preset.causes) >= 3, name
        if preset.sweep:
            for value in preset.sweep.values:
                lab.clean({**preset.params, preset.sweep.param: value})
            assert list(preset.sweep.values) == sorted(preset.sweep.values)


@EVERY_LAB
def test_it_says_what_it_is(slug):
    lab = LABS[slug]
    assert lab.model
    assert lab.caution
    assert lab.topic != "Basics", "it stands under a heading of the list"
    assert {figure for chart in lab.charts for figure in chart.figures} <= lab.figures.keys()


@EVERY_LAB
def test_an_unknown_name_and_a_value_out_of_range_are_refused_by_name(slug):
    lab = LABS[slug]
    with pytest.raises(ParamsError, match="There is no such parameter"):
        lab.clean({"no_such_thing": 1})
    for name, param in lab.params.items():
        wrong = "no such choice" if param.choices else (param.high or 0) + 1
        with pytest.raises(ParamsError, match=f"{name}: "):
            lab.clean({name: wrong})
