"""What must the text know of a lab? Its names, questions, ranges and units; `apps.experiments` provides them.

Content does not import experiments: whoever checks or renders passes the labs in, and an `Experiment` fits as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Protocol


class PredictionFacts(Protocol):
    """What a learner bets on, in the figure's own unit."""

    @property
    def figure(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


class PresetFacts(Protocol):
    """A question worth asking with the settings that go with it."""

    @property
    def title(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def predict(self) -> PredictionFacts: ...
    @property
    def params(self) -> Mapping[str, object]: ...


class FigureFacts(Protocol):
    """A number that a run ends with; unit "%" is a share from 0 to 1."""

    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...


class ParamFacts(Protocol):
    """A setting. `clean` raises ValueError that says what is allowed."""

    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...
    def clean(self, raw: object, /) -> object: ...


class LabFacts(Protocol):
    """A lab as a lesson sees it. `clean` raises ValueError for settings that do not go together."""

    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def params(self) -> Mapping[str, ParamFacts]: ...
    @property
    def figures(self) -> Mapping[str, FigureFacts]: ...
    @property
    def presets(self) -> Mapping[str, PresetFacts]: ...
    def clean(self, raw: Mapping[str, object], /) -> object: ...


Labs = Mapping[str, LabFacts]


def fingerprint(labs: Labs) -> str:
    """Return a short hash of all that ends up in a page: when it changes, pages are rendered anew."""
    said = {
        slug: [
            lab.title,
            lab.kind,
            [[name, param.label, param.unit] for name, param in lab.params.items()],
            [[name, figure.label, figure.unit] for name, figure in lab.figures.items()],
            [[name, *_preset(preset)] for name, preset in lab.presets.items()],
        ]
        for slug, lab in labs.items()
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


def _preset(preset: PresetFacts) -> list[object]:
    bet = preset.predict
    return [preset.title, preset.question, bet.figure, bet.question, bet.low, bet.high]
