"""`/// sequence | Title`: who says what to whom, in order; drawn here, with the same in words below."""

from __future__ import annotations

from html import escape

from apps.content.rendering import Rendering
from apps.content.scan import Block
from apps.designs.sequence import Sequence, in_words
from apps.designs.sequence_svg import COLUMN, draw_both


def render(block: Block, rendering: Rendering) -> str:
    """Return the figure. One too wide for a phone has a second drawing that is narrow, shown there instead."""
    if not block.argument:
        rendering.say(block.line, "give the sequence a title: /// sequence | A retry whose first answer was lost")
    sequence, _ = rendering.yaml(block, Sequence)
    if sequence is None:
        return ""
    key, title = f"sequence-{rendering.number()}", escape(block.argument)
    svg, width = draw_both(sequence, title=block.argument, key=key)
    sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in in_words(sequence))
    wide = " wide" if width > COLUMN else ""
    return (
        f'<figure class="diagram{wide}" id="{key}"><figcaption>{title}</figcaption>'
        f'<div class="scroll" role="region" tabindex="0" aria-label="Sequence: {title}">{svg}</div>'
        f"<details><summary>The sequence in words</summary><p>{escape(sequence.description)}</p>"
        f"<ol>{sentences}</ol></details></figure>"
    )
