"""Which labs are there? Every module of `catalog/` that holds an `experiment`; its file name is the slug."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from apps.experiments import catalog
from apps.experiments.base import Experiment


@cache
def experiments() -> dict[str, Experiment]:
    """Return every lab by slug, in the order of their slugs."""
    names = sorted(module.name for module in iter_modules(catalog.__path__))
    return {name.replace("_", "-"): import_module(f"{catalog.__name__}.{name}").experiment for name in names}
