"""What may be typed to start a study? The settings of a run, how many trials, what is swept, and a bet on it.

A lab's form posted to `/labs/<slug>/studies/` has beside the settings of a run:
`trials` (1 to 20), `param` and `values` (spaces between; absent: the sweep of the preset; `param` empty: no sweep), and
the bet: without a sweep `guess`, `guess_low`, `guess_high` as for a run; with one `curve_0`, `curve_1`, … (or `curve`,
a JSON list of them) and `within`. All guessed numbers are typed in the shown unit: per cent for a share.
"""

from django import forms
from django.conf import settings

from apps.experiments.base import Experiment, Prediction
from apps.experiments.params import ParamError
from apps.labs.curve_form import CurveForm
from apps.labs.forms import GuessForm, ParamsForm

MOST_TRIALS, MOST_VALUES, TRIALS_ALONE = 20, 12, 5


class StudyForm(ParamsForm):
    """The settings of a study. Whatever is refused says beside its field what to change."""

    trials = forms.CharField(required=False, max_length=10)
    param = forms.CharField(required=False, max_length=60)
    values = forms.CharField(required=False, max_length=400)

    @property
    def sweep(self):
        """The sweep of the chosen preset; None if it has none."""
        preset = self.experiment.presets.get(self.data.get("preset", ""))
        return preset.sweep if preset else None

    def clean_param(self):
        """Return the name of the swept parameter, "" if none is; a form that does not say takes the preset's."""
        name = self.cleaned_data["param"]
        if "param" not in self.data and self.sweep:
            return self.sweep.param
        if name and name not in self.experiment.params:
            raise forms.ValidationError(f"There is no parameter “{name}”. {self.experiment.known()}")
        return name

    def clean_values(self):
        """Return what the swept parameter is set to, in rising order; [] if none is swept."""
        if not (name := self.cleaned_data.get("param")):
            return []
        typed = self.cleaned_data["values"].split()
        if not typed and self.sweep and self.sweep.param == name:
            typed = [f"{value:.12g}" for value in self.sweep.values]
        if not 2 <= len(typed) <= MOST_VALUES:
            raise forms.ValidationError(f"Type 2 to {MOST_VALUES} values with spaces between them.")
        values = [self._clean_value(name, text) for text in typed]
        if len(set(values)) < len(values):
            raise forms.ValidationError("Type each value once.")
        if not self.experiment.params[name].choices and values != sorted(values):
            raise forms.ValidationError("Type the values in rising order.")
        return values

    def _clean_value(self, name, text):
        try:
            return self.experiment.params[name].clean(text)
        except ParamError as error:
            raise forms.ValidationError(f"“{text[:20]}”: {error}") from error

    def clean_trials(self):
        """Return how many trials there are at each value; left empty, one of a sweep and five of a single setting."""
        text = self.cleaned_data["trials"]
        if not text:
            return None  # known once the sweep is
        if not (text.isdecimal() and 1 <= int(text) <= MOST_TRIALS):
            raise forms.ValidationError(f"Use a whole number from 1 to {MOST_TRIALS}.")
        return int(text)

    def check_together(self):
        """Refuse settings that do not go together at one of the values, and a study that is too small or too big."""
        cleaned = self.cleaned_data
        cleaned["trials"] = cleaned["trials"] or (1 if cleaned["values"] else TRIALS_ALONE)
        for params in self.settings():
            for name, problem in self.experiment.conflicts(params).items():
                at = f"With {cleaned['param']} = {params[cleaned['param']]}: " if cleaned["param"] else ""
                self.add_error(name, f"{at}{problem}")
                return
        if not cleaned["values"] and cleaned["trials"] == 1:
            self.add_error(
                "trials", "One trial of one setting is a single run. Use 2 trials or more, or sweep a setting."
            )
        elif problem := self._too_big():
            self.add_error("trials", problem)

    def _too_big(self):
        trials, settings_ = self.cleaned_data["trials"], self.settings()
        runs, seconds = trials * len(settings_), trials * sum(map(self.experiment.planned_s, settings_))
        limits = settings.RUN_LIMITS
        what = f"{len(settings_)} values × {trials} trials" if self.cleaned_data["values"] else f"{trials} trials"
        if runs > limits["study_runs"]:
            return f"{what} are {runs} runs; a study may have {limits['study_runs']}. Use fewer trials or values."
        if seconds > limits["study_seconds"]:
            change = "Use a shorter run, or fewer trials or values."
            return f"{what} measure for {seconds:,.0f} s; a study may take {limits['study_seconds']} s. {change}"
        return ""

    def settings(self):
        """Return the settings at each value; of a study that sweeps nothing, the only ones."""
        name, values = self.cleaned_data["param"], self.cleaned_data["values"]
        return [{**self.params(), name: value} for value in values] if name else [self.params()]


def study_forms(experiment: Experiment, prediction: Prediction, data) -> tuple[StudyForm, GuessForm | CurveForm]:
    """Return both forms of a study with what was sent: a curve is bet on if something is swept, else a number."""
    form, skipped = StudyForm(experiment, data), data.get("bet") == "skip"
    form.is_valid()
    cleaned = form.cleaned_data
    if not cleaned.get("param"):
        return form, GuessForm(experiment, prediction, data, skipped=skipped)
    values = cleaned.get("values") or (form.sweep.values if form.sweep else ())
    return form, CurveForm(experiment, prediction, cleaned["param"], values, data, skipped=skipped)
