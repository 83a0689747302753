"""What can be set in each lab, what does it measure, and what does it ask? Written from the definitions themselves.

`docs/labs.md` is this text; a test keeps the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apps.experiments.base import Chart, Experiment, Preset
from apps.experiments.params import Param, plain

HEAD = """# The labs

This page is written from the definitions in `apps/experiments/catalog/` by `manage.py lab --reference > docs/labs.md`.
A lab runs on the site at `/labs/<slug>/` and in a shell with `manage.py lab <slug> --set name=value`, in the same way.
A unit of % means a share from 0 to 1 in parameters, JSON and the shell; pages show it in per cent.
"""


def reference(labs: Mapping[str, Experiment]) -> str:
    """Return the reference of all labs as Markdown."""
    return "\n".join([HEAD, *(line for slug, lab in labs.items() for line in _lab(slug, lab))])


def _lab(slug: str, lab: Experiment) -> Iterator[str]:
    yield f"## {slug}: {lab.title}\n"
    yield f"{lab.question.strip()} {_kind(lab)}.\n"
    if lab.caution:
        yield f"Mind: {lab.caution}\n"
    yield "| parameter | default | allowed | what it does |\n|---|---|---|---|"
    yield from (_param(name, param) for name, param in lab.params.items())
    yield "\n| figure | unit | what it is |\n|---|---|---|"
    yield from (
        _row(f"`{name}`", figure.unit, f"{figure.label}. {figure.help}") for name, figure in lab.figures.items()
    )
    yield "\n| chart | lines | unit |\n|---|---|---|"
    yield from (_row(chart.title, _lines(chart), chart.unit) for chart in lab.charts)
    yield "\n| preset | question | bet on | settings |\n|---|---|---|---|"
    yield from (
        _row(f"`{name}`", preset.question, _bet(preset), _settings(preset)) for name, preset in lab.presets.items()
    )
    yield ""


def _kind(lab: Experiment) -> str:
    if lab.kind == "measured":
        return "*Measured*" + (f" on {' and '.join(lab.engines)}" if lab.engines else "")
    return "*Simulated*" + (f"; *measured* where {' or '.join(lab.engines)} is asked for" if lab.engines else "")


def _param(name: str, param: Param) -> str:
    unit = f" {param.unit}" if param.unit else ""
    only = " and ".join(
        f"`{other}` is {' or '.join(f'`{value}`' for value in values)}" for other, values in param.applies.items()
    )
    condition = f" Matters only if {only}." if only else ""
    return _row(
        f"`{name}`", f"`{plain(param.default)}`{unit}", _allowed(param), f"{param.label}. {param.help}{condition}"
    )


def _allowed(param: Param) -> str:
    if param.choices:
        return ", ".join(f"`{choice.value}`" for choice in param.choices)
    several = "; one for all or one for each" if param.several else ""
    return f"{param.low:g} to {param.high:g}{several}"


def _lines(chart: Chart) -> str:
    return ", ".join(f"{line.label} (`{line.series}`)" for line in chart.lines)


def _bet(preset: Preset) -> str:
    if preset.sweep is None:
        return f"`{preset.predict.figure}`"
    values = ", ".join(f"{value:g}" for value in preset.sweep.values)
    return f"`{preset.predict.figure}` over `{preset.sweep.param}` = {values}"


def _settings(preset: Preset) -> str:
    return ", ".join(f"`{name}={plain(value)}`" for name, value in preset.params.items()) or "the defaults"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').strip() for cell in cells)} |"
