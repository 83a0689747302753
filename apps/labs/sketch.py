"""What does a page need to have a curve sketched? Its points, its axes, and what was typed so far."""

from dataclasses import dataclass

from apps.experiments.base import Experiment
from apps.labs.axes import Spacing, is_log, spacing
from apps.labs.curve_form import CurveForm
from apps.labs.units import scale
from apps.labs.wording import in_words, plain


@dataclass(frozen=True, slots=True)
class Sketch:
    """A bet on a curve, in the unit that is shown: per cent for a share."""

    form: CurveForm
    experiment: Experiment
    trials: str = "1"

    trial_counts = ("1", "3", "5")

    @property
    def figure(self):
        """The figure that is bet on."""
        return self.form.figure

    @property
    def param(self):
        """The setting that is swept."""
        return self.experiment.params[self.form.param]

    @property
    def low(self) -> str:
        """The lower end of the vertical axis."""
        return plain(float(self.form.prediction.low * scale(self.figure)))

    @property
    def high(self) -> str:
        """The upper end of the vertical axis."""
        return plain(float(self.form.prediction.high * scale(self.figure)))

    @property
    def x_scale(self) -> Spacing:
        """How the swept values stand along the horizontal axis."""
        return spacing(self.form.values)

    @property
    def y_scale(self) -> str:
        """Whether the vertical axis has powers of ten."""
        return "log" if is_log(self.figure, self.form.prediction) else "linear"

    @property
    def x_label(self) -> str:
        """The swept setting with its unit."""
        return f"{self.param.label}, {self.param.unit}" if self.param.unit else self.param.label

    @property
    def points(self) -> list[dict]:
        """Each swept value: its words, its field, what was typed for it."""
        return [
            {"x": plain(value), "name": in_words(self.param, value), "field": field, "value": field.value() or ""}
            for value, field in self.form.points
        ]

    @property
    def values(self) -> str:
        """The swept values as the form sends them back."""
        return " ".join(plain(value) for value in self.form.values)

    @property
    def errors(self) -> list[str]:
        """What is wrong with the sketch, each thing once."""
        return list(dict.fromkeys(error for errors in self.form.errors.values() for error in errors))
