"""What may be typed on a lab page? The lab's declared parameters, and a guess with an 80 % interval."""

import re
import uuid

from django import forms

from apps.experiments.base import Experiment, Figure, Prediction
from apps.experiments.challenge import Challenge
from apps.experiments.params import Param, ParamError
from apps.labs.units import read_number, scale, shown
from apps.labs.wording import in_words


class ParamField(forms.CharField):
    """One declared parameter. What is allowed is said beside the field; what was typed stays."""

    def __init__(self, param: Param) -> None:
        super().__init__(required=False, label=param.label, initial=param.default, strip=True)
        self.param = param

    def clean(self, value):
        """Return the value of the parameter; an empty field means its default."""
        try:
            return self.param.clean(value if value not in (None, "") else self.param.default)
        except ParamError as error:
            raise forms.ValidationError(str(error)) from error


class ParamsForm(forms.Form):
    """The settings of a run. Unknown names are refused, not ignored: a typo must not run something else."""

    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    preset = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    challenge = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    own_names = re.compile(
        "idempotency_key|preset|challenge|csrfmiddlewaretoken|bet|guess|guess_low|guess_high"
        "|trials|param|values|curve|curve_[0-9]{1,2}|within"  # one page has the buttons for a run and for a study
    )

    def __init__(self, experiment: Experiment, data=None, **options) -> None:
        super().__init__(data, **options)
        self.experiment = experiment
        for name, param in experiment.params.items():
            self.fields[name] = ParamField(param)

    def clean_preset(self):
        """Return the preset if the lab has it, else ""."""
        return self.cleaned_data["preset"] if self.cleaned_data["preset"] in self.experiment.presets else ""

    def clean_challenge(self):
        """Return the challenge that is tried, "" if none is. One that the lab does not have is refused."""
        name = self.cleaned_data["challenge"]
        if name and name not in self.experiment.challenges:
            known = ", ".join(self.experiment.challenges) or "none"
            raise forms.ValidationError(f"There is no challenge “{name}”. Known: {known}.")
        return name

    def clean_idempotency_key(self):
        """Return the key of the form that was sent; a form without one gets a new key."""
        return self.cleaned_data["idempotency_key"] or uuid.uuid4()

    def clean(self):
        """Refuse names that are no parameter of this lab, and values that do not go together."""
        for name in self.data:
            if name not in self.experiment.params and not self.own_names.fullmatch(name):
                self.add_error(None, f"There is no parameter “{name[:60]}”. {self.experiment.known()}")
        if not self.errors:
            self.check_together()
        return super().clean()

    def check_together(self):
        """Refuse values that do not go together, beside the one to change."""
        for name, problem in self.experiment.conflicts(self.params()).items():
            self.add_error(name, problem)
        if not self.errors and (name := self.cleaned_data.get("challenge")):
            self.check_challenge(self.experiment.challenges[name])

    def check_challenge(self, challenge: Challenge):
        """Refuse settings that the challenge fixes, beside each."""
        defaults = {name: param.default for name, param in self.experiment.params.items()}
        for name in challenge.changed_by(self.params(), defaults):
            param = self.experiment.params[name]
            value = in_words(param, challenge.params.get(name, param.default))
            self.add_error(
                name, f"The challenge “{challenge.title}” fixes this: {value}. Only what it frees may change."
            )

    def params(self) -> dict:
        """Return the cleaned parameters."""
        return {name: self.cleaned_data[name] for name in self.experiment.params}


def read_within(figure: Figure, text: str, low: float, high: float) -> float | None:
    """Return what was typed in the shown unit as a number in the figure's own; None if it is none from low to high."""
    try:
        number = read_number(figure, text)
    except ValueError:
        return None
    return number if low <= number <= high else None  # False for NaN


def allowed_range(figure: Figure, low: float, high: float) -> str:
    """Return one sentence saying what may be typed for a figure."""
    return f"Use a number from {low * scale(figure):g} to {shown(figure, high)}; a decimal has a point."


class GuessForm(forms.Form):
    """A bet: one number and the range that one is 80 % sure of, in the shown unit. `guess()` has the figure's own."""

    guess = forms.CharField(required=False, max_length=20)
    guess_low = forms.CharField(required=False, max_length=20)
    guess_high = forms.CharField(required=False, max_length=20)

    def __init__(self, experiment: Experiment, prediction: Prediction, data=None, *, skipped: bool = False, **options):
        super().__init__(data, **options)
        self.prediction, self.skipped = prediction, skipped
        self.figure = experiment.figures[prediction.figure]
        self.fields["guess"].label = self.figure.label

    def clean(self):
        """Read the three numbers and hold them in order. A skipped guess is not read at all."""
        cleaned = super().clean()
        if self.skipped:
            return cleaned
        for name, ask in [
            ("guess", "Type your guess, or skip it."),
            ("guess_low", "Type the lower end of your range."),
            ("guess_high", "Type the upper end."),
        ]:
            if name not in self.errors:
                cleaned[name] = self._read(name, cleaned.get(name) or "", ask)
        if not self.errors and not cleaned["guess_low"] <= cleaned["guess"] <= cleaned["guess_high"]:
            self.add_error("guess_low", "Your guess must lie within your range.")
        return cleaned

    def _read(self, name: str, text: str, ask: str) -> float | None:
        number = read_within(self.figure, text, self.prediction.low, self.prediction.high)
        if not text:
            self.add_error(name, ask)
        elif number is None:
            self.add_error(name, allowed_range(self.figure, self.prediction.low, self.prediction.high))
        return number

    def value(self) -> dict | None:
        """Return the guess as a run stores it, or None if it was skipped."""
        if self.skipped:
            return None
        cleaned = self.cleaned_data
        return {
            "figure": self.prediction.figure,
            "value": cleaned["guess"],
            "low": cleaned["guess_low"],
            "high": cleaned["guess_high"],
        }
