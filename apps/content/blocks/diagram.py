"""`/// diagram | Title`: boxes and arrows, drawn here, with the same in words below."""

from __future__ import annotations

from html import escape

from apps.content.rendering import Rendering
from apps.content.scan import Block
from apps.designs.schema import Diagram
from apps.designs.svg import draw, in_words

PHONE = 340  # pixels that a diagram has on a small screen
COLUMN = 640  # pixels that it has in the column of text


def render(block: Block, rendering: Rendering) -> str:
    """Return the figure. One too wide for a phone gets a second drawing that runs down, shown there instead."""
    if not block.argument:
        rendering.say(block.line, "give the diagram a title: /// diagram | A read that misses")
    diagram, _ = rendering.yaml(block, Diagram)
    if diagram is None:
        return ""
    key, title = f"diagram-{rendering.number()}", block.argument
    svg, width = draw(diagram, title=title, key=key)
    if diagram.direction == "right" and width > PHONE:
        narrow, narrow_width = draw(diagram, title=title, key=f"{key}-narrow", direction="down")
        if narrow_width < width:
            svg = narrow.replace('class="design', 'class="narrow design', 1) + svg
    sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in in_words(diagram))
    wide = " wide" if width > COLUMN else ""
    return (
        f'<figure class="diagram{wide}" id="{key}"><figcaption>{escape(title)}</figcaption>'
        f'<div class="scroll" role="region" tabindex="0" aria-label="Diagram: {escape(title)}">{svg}</div>'
        f"<details><summary>The diagram in words</summary><p>{escape(diagram.description)}</p>"
        f"<ol>{sentences}</ol></details></figure>"
    )
