"""`/// claim`: a statement that a run of a lab must confirm, with the settings to try it."""

from __future__ import annotations

from html import escape

from apps.content import addresses
from apps.content.claims import Claim, ClaimOptions
from apps.content.labfacts import LabFacts
from apps.content.positions import Located
from apps.content.rendering import Rendering
from apps.content.scan import Block


def render(block: Block, rendering: Rendering) -> str:
    """Return the statement, and how it is checked; a claim about a lab to come is shown as not checked yet."""
    options, located = rendering.options(block, ClaimOptions)
    body, line = block.body()
    html = rendering.text(body, line)
    if options is None:
        return ""
    if not body.strip():
        rendering.say(block.line, "say in words what is claimed, after an empty line below the options")
    lab = rendering.lab(options.lab, located.line_of(("lab",)))
    if lab is None:
        return _aside("", html, "Not checked yet: the lab for it is being built.")
    if not _fits(options, lab, located, rendering):
        return ""
    preset = lab.presets[options.preset].params if options.preset else {}
    params = {**{name: str(value) for name, value in preset.items()}, **options.params}
    try:
        lab.clean(params)
    except ValueError as error:
        rendering.say(located.line_of(("params",)), f"these settings do not go together: {error}")
    rendering.claims.append(
        Claim(text=html, line=block.line, **{**options.model_dump(exclude={"preset"}), "params": params})
    )
    address = escape(addresses.lab(options.lab, params))
    return _aside(
        lab.kind, html, f'Checked by runs of <a href="{address}">{escape(lab.title)}</a>: {_condition(options, lab)}.'
    )


def _aside(kind: str, html: str, foot: str) -> str:
    name = "claim simulated" if kind == "simulated" else "claim"
    return f'<div class="{name}" role="group" aria-label="Claim">{html}<p class="meta">{foot}</p></div>'


def _condition(options: ClaimOptions, lab: LabFacts) -> str:
    """Return the comparison for readers: Hit ratio within 58 % ± 3 %."""
    figure = lab.figures[options.figure]
    factor, unit = (100, "\u00a0%") if figure.unit == "%" else (1, f"\u00a0{figure.unit}" if figure.unit else "")
    words = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "within": "within"}
    tolerance = f" ± {options.tolerance * factor:g}{unit}" if options.tolerance is not None else ""
    return escape(f"{figure.label} {words[options.operator]} {options.value * factor:g}{unit}{tolerance}")


def _fits(options: ClaimOptions, lab: LabFacts, located: Located, rendering: Rendering) -> bool:
    """Return whether the lab has what the claim names, in range; what it has not is said."""
    before = len(rendering.problems)
    if rendering.known("figure", options.figure, lab.figures, located.line_of(("figure",))):
        share = lab.figures[options.figure].unit == "%"
        if share and abs(options.value) > 1:
            rendering.say(
                located.line_of(("value",)),
                f"{options.figure} is a share: write {options.value / 100:g}, not {options.value:g}",
            )
    if options.preset:
        rendering.known("preset", options.preset, lab.presets, located.line_of(("preset",)))
    for name, raw in options.params.items():
        line = located.line_of(("params", name))
        if rendering.known("parameter", name, lab.params, line):
            try:
                lab.params[name].clean(raw)
            except ValueError as error:
                rendering.say(line, f'"{name}" cannot be {raw}: {error}')
    return len(rendering.problems) == before
