"""How is a setting written in a sentence, and how as it is typed?"""

from apps.experiments.params import Param


def plain(value: object) -> str:
    """Return a setting as it is typed: 10.0 is 10, and what was typed wrongly stays as it was."""
    return f"{value:.12g}" if isinstance(value, float) else str("" if value is None else value)


def in_words(param: Param, value: object) -> str:
    """Return a value as its setting shows it: the words of a choice, a number with its unit."""
    if param.choices:
        return next((choice.label for choice in param.choices if choice.value == value), str(value))
    return f"{plain(value)}\u00a0{param.unit}" if param.unit else plain(value)
