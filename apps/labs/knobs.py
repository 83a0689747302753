"""What does a lab's panel show of its settings? Each with its value, whether it was changed, and whether it matters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import BoundField

from apps.experiments.params import Param, ParamError, Value
from apps.labs.forms import ParamsForm
from apps.labs.wording import in_words, plain


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting as its template shows it. `idle` says why it has no effect now, "" if it has one."""

    field: BoundField
    param: Param
    value: str
    idle: str = ""
    is_swept: bool = False
    is_fixed: bool = False  # by the challenge that is tried

    @property
    def words(self) -> str:
        """The value as a sentence would have it."""
        return in_words(self.param, self.value)

    @property
    def changed(self) -> bool:
        """Whether the value differs from the default."""
        return self.value not in ("", plain(self.param.default))

    @property
    def applies(self) -> str:
        """With which values of other settings this one matters, as JSON for the page; "" if always."""
        conditions = {name: [plain(value) for value in values] for name, values in self.param.applies.items()}
        return json.dumps(conditions) if conditions and not self.is_swept else ""

    @property
    def chosen_help(self) -> str:
        """What the chosen option means."""
        return next((choice.help for choice in self.param.choices if choice.value == self.value), "")


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together, under one heading."""

    name: str
    knobs: list[Knob]

    @property
    def changed(self) -> int:
        """How many of them differ from their defaults."""
        return sum(knob.changed for knob in self.knobs)

    @property
    def is_wrong(self) -> bool:
        """Whether one of them has to be corrected."""
        return any(knob.field.errors for knob in self.knobs)


def knob_groups(form: ParamsForm, *, swept: str = "", fixed: Mapping[str, Value] | None = None) -> list[Group]:
    """Return the settings of the form's lab by group, in the order of their declaration.

    A sweep sets the swept one. `fixed` ones stand at the values of a challenge, whatever was sent.
    """
    params = form.experiment.params
    fixed = fixed or {}
    typed = {name: form[name].value() for name in params} | dict(fixed)
    cleaned = {name: _cleaned(param, typed[name]) for name, param in params.items()}
    groups: dict[str, list[Knob]] = {}
    for name, param in params.items():
        idle = "The sweep sets it" if name == swept else _idle(param, params, cleaned)
        knob = Knob(form[name], param, plain(typed[name]), idle, is_swept=name == swept, is_fixed=name in fixed)
        groups.setdefault(param.group, []).append(knob)
    return [Group(name, knobs) for name, knobs in groups.items()]


def _idle(param: Param, params: dict, values: dict) -> str:
    for name, good in param.applies.items():
        if values[name] not in good:
            return f"No effect while {params[name].label} is {in_words(params[name], values[name])}"
    return ""


def _cleaned(param: Param, typed: object) -> object:
    try:
        return param.clean(param.default if typed in (None, "") else typed)
    except ParamError:
        return typed
