"""Does a piece of YAML fit its schema? If not: at which line, and what should stand there instead?"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from apps.content.positions import Located

Model = TypeVar("Model", bound=BaseModel)
Complaint = tuple[int, str]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "…"?` for the nearest known word, else the list of what there is."""
    known = list(known)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; there is {', '.join(known)}" if known else ""


def validate(model: type[Model], located: Located) -> tuple[Model | None, list[Complaint]]:
    """Return the value and no complaints, or None and every complaint with its line."""
    if not isinstance(located.data, dict):
        return None, [(located.line_of(()), "this should be a list of `key: value` lines")]
    try:
        return model.model_validate(located.data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [(located.line_of(_keys(detail)), _words(model, detail)) for detail in details]


def _keys(detail: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(key for key in detail["loc"] if key != "[key]")


def _words(model: type[BaseModel], detail: ErrorDetails) -> str:
    """Return one sentence for people about one error of the schema."""
    keys, kind, context = _keys(detail), detail["type"], detail.get("ctx", {})
    name = _name(keys)
    given = str(detail["input"])[:60]
    if kind == "missing":
        return f'"{name}" is missing'
    if kind == "extra_forbidden":
        if " " in str(keys[-1]):
            return f'there is no "{keys[-1]}" here; a text with a comma between {{ }} goes in quotation marks'
        return f'there is no "{keys[-1]}" here{did_you_mean(str(keys[-1]), _fields_at(model, keys[:-1]))}'
    if kind == "literal_error":
        return f'"{name}" cannot be "{given}"{did_you_mean(given, _choices(str(context["expected"])))}'
    if kind == "value_error":
        return str(context["error"])
    templates = {
        "string_too_long": f'"{name}" has {len(str(detail["input"]))} characters; at most {context.get("max_length")}',
        "string_too_short": f'"{name}" is empty',
        "string_type": f'"{name}" should be text',
        "string_pattern_mismatch": f'"{name}" is "{given}"; small letters, digits and hyphens only, a letter first',
        "too_short": f'"{name}" needs at least {context.get("min_length")}',
        "too_long": f'"{name}" has too many entries; at most {context.get("max_length")}',
        "bool_parsing": f'"{name}" is "{given}"; it should be true or false',
        "tuple_type": f'"{name}" should be a list',
        "dict_type": f'"{name}" should be a list of `key: value`',
        "model_type": f'"{name}" should be a list of `key: value`',
        "finite_number": f'"{name}" should be a number',
    }
    for number in ("int_parsing", "int_type", "float_parsing", "float_type"):
        templates[number] = f'"{name}" is "{given}"; it should be a number'
    if kind.startswith("date"):
        return f'"{name}" is "{given}"; it should be a date such as 2026-11-20'
    return templates.get(kind, f'"{name}": {detail["msg"].lower()}')


def _name(keys: tuple[str | int, ...]) -> str:
    """Return a path for people: options 2 why."""
    return " ".join(str(key + 1) if isinstance(key, int) else key for key in keys) or "this"


def _choices(expected: str) -> list[str]:
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _fields_at(model: type[BaseModel], keys: tuple[str | int, ...]) -> list[str]:
    """Return the names of the fields of the model found by following `keys`."""
    place: object = model
    for key in keys:
        place = _step(place, key)
    if isinstance(place, type) and issubclass(place, BaseModel):
        return [field.alias or name for name, field in place.model_fields.items()]
    return []


def _step(place: object, key: str | int) -> object:
    """Return the type one level further in: a field of a model, or what a tuple or dict holds."""
    if isinstance(place, type) and issubclass(place, BaseModel):
        fields = {field.alias or name: field for name, field in place.model_fields.items()}
        return fields[key].annotation if isinstance(key, str) and key in fields else None
    origin, inner = typing.get_origin(place), typing.get_args(place)
    if origin is typing.Union or origin is types.UnionType:
        return _step(inner[0], key)
    if origin is tuple:
        return inner[0]
    return inner[1] if origin is dict else None
