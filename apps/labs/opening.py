"""Which panel does an address, a sent form or a run open? The lab's settings as each of them has them."""

from collections.abc import Mapping

from apps.experiments.base import Experiment
from apps.experiments.params import ParamError, ParamsError
from apps.labs.curve_form import CurveForm
from apps.labs.forms import GuessForm, ParamsForm
from apps.labs.models import Run
from apps.labs.panel import Panel
from apps.labs.questions import bet_on
from apps.labs.study_forms import MOST_VALUES


def panel_for(slug: str, experiment: Experiment, data: dict) -> Panel:
    """Return the panel before a run: a preset's settings, then what the address says, a forked run's among it."""
    if name := known_challenge(experiment, data):
        return _panel_for_try(slug, experiment, name, data)
    preset = _known_preset(experiment, data.get("preset", ""))
    chosen = experiment.presets[preset]
    asked = {name: data[name] for name in experiment.params if name in data}
    settings = {**_defaults(experiment), **chosen.params, **asked}
    params = ParamsForm(experiment, initial={**settings, "preset": preset})
    return Panel(slug, _as_set(experiment, settings), params, _bet(experiment, preset, data), preset)


def _panel_for_try(slug: str, experiment: Experiment, name: str, data: Mapping[str, str]) -> Panel:
    """Return the panel that a challenge begins with: its settings, of which an address may change the free ones."""
    challenge = experiment.challenges[name]
    asked = {
        **_defaults(experiment),
        **challenge.settings({free: data[free] for free in challenge.free if free in data}),
    }
    params = ParamsForm(experiment, initial={**asked, "challenge": name})
    lab = _as_set(experiment, asked)
    return Panel(slug, lab, params, GuessForm(lab, bet_on(lab, challenge)), "", challenge=name)


def panel_for_post(slug: str, experiment: Experiment, data) -> Panel:
    """Return the panel with what was sent, to be validated; every typed value stands in its field."""
    name, skipped = known_challenge(experiment, data), data.get("bet") == "skip"
    preset = "" if name else _known_preset(experiment, data.get("preset", ""))
    prediction = bet_on(experiment, experiment.challenges[name]) if name else experiment.presets[preset].predict
    guess = GuessForm(experiment, prediction, data, skipped=skipped)
    typed = {name: data[name] for name in experiment.params if data.get(name)}
    return Panel(slug, _as_set(experiment, typed), ParamsForm(experiment, data), guess, preset, challenge=name)


def panel_for_run(experiment: Experiment, run: Run, *, mine: bool) -> Panel:
    """Return the panel that shows a run, its settings on the knobs."""
    name = run.challenge if run.challenge in experiment.challenges else ""
    preset = "" if name else _known_preset(experiment, run.preset)
    prediction = bet_on(experiment, experiment.challenges[name]) if name else experiment.presets[preset].predict
    params = ParamsForm(experiment, initial={**_defaults(experiment), **run.params, "preset": preset})
    lab = experiment.as_run_with(run.params)
    return Panel(run.lab, lab, params, GuessForm(lab, prediction), preset, run=run, mine=mine, challenge=name)


def known_challenge(experiment: Experiment, data: Mapping[str, str]) -> str:
    """Return the challenge that an address or a form asks for; "" if the lab has no such one."""
    return data["challenge"] if data.get("challenge") in experiment.challenges else ""


def _bet(experiment: Experiment, preset: str, data: dict) -> GuessForm | CurveForm:
    """Return the form of the bet: a curve if the address or the question sweeps a setting, else a number."""
    chosen = experiment.presets[preset]
    param, values = swept(experiment, data)
    if not param and chosen.sweep and not data.get("fork"):
        param, values = chosen.sweep.param, list(chosen.sweep.values)
    if param:
        return CurveForm(experiment, chosen.predict, param, values)
    typed = {name: data.get(name, "") for name in ("guess", "guess_low", "guess_high")}
    return GuessForm(experiment, chosen.predict, initial=typed)


def swept(experiment: Experiment, data: dict) -> tuple[str, list]:
    """Return the setting that the address sweeps and its values, in rising order; "" and [] if it makes no sweep."""
    param = experiment.params.get(data.get("param", ""))
    if param is None:
        return "", []
    try:
        values = list(dict.fromkeys(param.clean(text) for text in data.get("values", "").split()))
    except ParamError:
        return "", []
    values = values if param.choices else sorted(values)
    return (data["param"], values) if 2 <= len(values) <= MOST_VALUES else ("", [])


def _as_set(experiment: Experiment, settings: Mapping[str, object]) -> Experiment:
    """Return the lab as a run with these settings would be, measured or simulated; as declared if they are refused."""
    try:
        return experiment.as_run_with(experiment.clean(settings))
    except ParamsError:
        return experiment


def _known_preset(experiment: Experiment, asked: str) -> str:
    return asked if asked in experiment.presets else next(iter(experiment.presets))


def _defaults(experiment: Experiment) -> dict:
    return {name: param.default for name, param in experiment.params.items()}
