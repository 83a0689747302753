"""`/// details | Title`: text that opens on a click."""

from __future__ import annotations

from html import escape

from apps.content.rendering import NoOptions, Rendering
from apps.content.scan import Block


def render(block: Block, rendering: Rendering) -> str:
    """Return the folded text; other blocks may stand in it, questions may not."""
    rendering.options(block, NoOptions)
    if not block.argument:
        rendering.say(block.line, "say what opens: /// details | A decision record to start from")
    before = len(rendering.questions)
    html = rendering.text(*block.body())
    if len(rendering.questions) > before:
        rendering.say(block.line, "a quiz does not stand in details; move it out")
    return f'<details class="more"><summary>{escape(block.argument)}</summary>{html}</details>'
