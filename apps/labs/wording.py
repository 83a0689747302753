"""How is a setting written in a sentence, and how as it is typed?"""

from apps.experiments.params import Param, plain


def in_words(param: Param, value: object) -> str:
    """Return a value as its setting shows it: the words of a choice, a number with its unit."""
    if param.choices:
        return next((choice.label for choice in param.choices if choice.value == value), str(value))
    return f"{plain(value)}\u00a0{param.unit}" if param.unit else plain(value)
