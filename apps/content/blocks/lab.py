"""`/// lab | caching`: an experiment in the page. Without JavaScript it is a link to the lab's own page."""

from __future__ import annotations

from html import escape

from pydantic import BaseModel, ConfigDict

from apps.content import addresses
from apps.content.labfacts import LabFacts, PresetFacts
from apps.content.rendering import Rendering
from apps.content.scan import Block

KIND_CLASS = {"measured": "meas", "simulated": "sim"}


class LabOptions(BaseModel):
    """The options of `/// lab` and `/// predict`."""

    model_config = ConfigDict(extra="forbid")

    preset: str = ""


def chosen(block: Block, rendering: Rendering) -> tuple[LabFacts, str, PresetFacts] | None:
    """Return lab, name and preset of a block, or None after saying what is wrong or pending."""
    options, located = rendering.options(block, LabOptions)
    if not block.argument:
        rendering.say(block.line, f"name the lab: /// {block.name} | caching")
        return None
    lab = rendering.lab(block.argument, block.line)
    if options is None or lab is None:
        return None
    name = options.preset or next(iter(lab.presets), "")
    if not rendering.known("preset", name, lab.presets, located.line_of(("preset",))):
        return None
    return lab, name, lab.presets[name]


def render(block: Block, rendering: Rendering) -> str:
    """Return the section that the live panel takes the place of, or, the second time, a link that fills that panel."""
    found = chosen(block, rendering)
    caption = rendering.text(*block.body())
    if found is None:
        return ""
    lab, name, preset = found
    again = block.argument in rendering.shown_labs
    rendering.shown_labs.append(block.argument)
    html = (_pointer if again else _panel)(escape(block.argument), lab, name, preset)
    return html + (f'<div class="caption">{caption}</div>' if caption.strip() else "")


def _panel(slug: str, lab: LabFacts, name: str, preset: PresetFacts) -> str:
    address = escape(addresses.lab(slug, {"preset": name}))
    return (
        f'<section class="lab wide" id="lab-{slug}" aria-label="Lab: {escape(lab.title)}"'
        f' hx-get="{address}" hx-trigger="load" hx-swap="outerHTML">'
        f'<header><span class="tag {KIND_CLASS.get(lab.kind, "")}">{escape(lab.kind)}</span>'
        f"<h3>{escape(lab.title)}</h3></header>"
        f'<div class="chart"><p>{escape(preset.question)}</p><p><a href="{address}">Open the lab</a></p>'
        "</div></section>"
    )


def _pointer(slug: str, lab: LabFacts, name: str, preset: PresetFacts) -> str:
    address = escape(addresses.lab(slug, {"preset": name}))
    load = f'hx-get="{address}" hx-target="#lab-{slug}" hx-swap="outerHTML show:top"'
    title = escape(preset.title)
    return f'<p class="ask-lab"><a class="button plain" href="{address}" {load}>Ask the lab: {title}</a></p>'
