"""How is a curve bet on? One number at each value of the swept parameter, typed or sketched, and a band around it."""

import json

from django import forms

from apps.experiments.base import Experiment, Prediction
from apps.labs.forms import allowed_range, read_within


class CurveForm(forms.Form):
    """A bet on a curve: one number at each swept value, and within how much of it the results lie, 80 % sure."""

    curve = forms.CharField(required=False, max_length=1000)
    within = forms.CharField(required=False, max_length=20)

    def __init__(
        self, experiment: Experiment, prediction: Prediction, param: str, values, data=None, *, skipped=False, **options
    ):
        super().__init__(data, **options)
        self.prediction, self.param, self.values, self.skipped = prediction, param, tuple(values), skipped
        self.figure = experiment.figures[prediction.figure]
        for number in range(len(self.values)):
            self.fields[f"curve_{number}"] = forms.CharField(required=False, max_length=20)

    @property
    def points(self):
        """Each swept value with the field for its guess."""
        return [(value, self[f"curve_{number}"]) for number, value in enumerate(self.values)]

    def clean_curve(self):
        """Return the typed texts of a JSON list, None if there is none."""
        if not self.cleaned_data["curve"]:
            return None
        try:
            ys = json.loads(self.cleaned_data["curve"])
        except (ValueError, RecursionError):  # of a thousand brackets
            ys = None
        if not isinstance(ys, list) or len(ys) != len(self.values):
            raise forms.ValidationError(f"The curve needs {len(self.values)} numbers, one for each value.")
        return ["" if y is None else str(y) for y in ys]

    def clean(self):
        """Read every number of the curve. A skipped bet is not read at all."""
        cleaned = super().clean()
        if self.skipped:
            self.errors.clear()
            return cleaned
        low, high = self.prediction.low, self.prediction.high
        sketched = cleaned.get("curve")
        for number in range(len(self.values)):
            name = f"curve_{number}"
            text = sketched[number] if sketched else cleaned.get(name) or ""
            cleaned[name] = self._read(name, text, low, high, "Draw your whole curve, or skip it.")
        ask = "Say within how much of your curve the results lie."
        cleaned["within"] = self._read("within", cleaned.get("within") or "", 0, high - min(low, 0), ask)
        return cleaned

    def _read(self, name, text, low, high, ask):
        number = read_within(self.figure, text, low, high)
        if number is None and name not in self.errors:
            self.add_error(name, allowed_range(self.figure, low, high) if text else ask)
        return number

    def value(self) -> dict | None:
        """Return the guess as a study stores it, in the unit of the figure; None if it was skipped."""
        if self.skipped:
            return None
        ys = [self.cleaned_data[f"curve_{number}"] for number in range(len(self.values))]
        return {
            "figure": self.prediction.figure,
            "param": self.param,
            "curve": [[x, y] for x, y in zip(self.values, ys, strict=True)],
            "within": self.cleaned_data["within"],
        }
