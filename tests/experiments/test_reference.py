"""Does docs/labs.md say what the labs are?"""

from pathlib import Path

from apps.experiments.reference import reference
from apps.experiments.registry import experiments

DOCS = Path(__file__).parents[2] / "docs" / "labs.md"


def test_the_reference_in_docs_is_what_the_definitions_say():
    assert DOCS.read_text() == reference(experiments()), "manage.py lab --reference > docs/labs.md"


def test_every_parameter_figure_and_preset_stands_in_the_reference():
    text = reference(experiments())
    for slug, lab in experiments().items():
        section = text.split(f"## {slug}:")[1].split("\n## ")[0]
        for name in (*lab.params, *lab.figures, *lab.presets):
            assert f"`{name}`" in section
