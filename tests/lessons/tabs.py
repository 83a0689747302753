"""How do tests get at the code that a lesson shows? As modules, made from the tabs as they are printed."""

import re
import types
from pathlib import Path

from celery import _state

from config.celery import app

LESSONS = Path(__file__).parents[2] / "content/lessons"


def code_of_tab(lesson, name, language="python"):
    """Return the code that stands in the tab `name` of a lesson, "track/nn-slug"."""
    text = (LESSONS / f"{lesson}.md").read_text()
    found = re.search(
        rf"^/// tab \| {re.escape(name)}\n```{language}[^\n]*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE
    )
    assert found, f"The lesson has no {language} code in a tab named {name}."
    return found[1]


def module_of_tab(lesson, name, **names):
    """Return the Python code of a tab as a module. `names` are what the code around it would have defined.

    Its shared tasks become tasks of our app, and not, as Celery would have it, of every app that a later test makes.
    """
    app.finalize()
    shared = set(_state._on_app_finalizers)
    module = types.ModuleType(f"{lesson}:{name}")
    module.__dict__.update(names)
    exec(compile(code_of_tab(lesson, name), f"{lesson}:{name}", "exec"), module.__dict__)
    _state._on_app_finalizers.intersection_update(shared)
    return module
