"""`/// tabs` with `/// tab | Python` inside: the same thing in several stacks. Radio buttons switch, no JavaScript."""

from __future__ import annotations

from html import escape

from apps.content.rendering import NoOptions, Rendering
from apps.content.scan import Block, Words, scan

FEWEST, MOST = 2, 5  # as many as the style sheet switches


def render(block: Block, rendering: Rendering) -> str:
    """Return radio buttons with labels, then as many panels; which is shown is the style sheet's work."""
    body, line = block.body()
    rendering.options(block, NoOptions)
    parts, _ = scan(body, line, set(rendering.handlers))
    tabs = [part for part in parts if isinstance(part, Block) and part.name == "tab"]
    for part in parts:
        if isinstance(part, Words):
            rendering.say(part.line, "between /// tabs and its end stand only /// tab blocks; move this text into one")
        elif part.name != "tab":
            rendering.say(part.line, f'in /// tabs stands "/// tab | Name", not "{part.name}"')
    if not FEWEST <= len(tabs) <= MOST:
        rendering.say(block.line, f"tabs need {FEWEST} to {MOST} /// tab blocks; there are {len(tabs)}")
    group = f"tabs-{rendering.number()}"
    inputs, labels, panels, names = "", "", "", list[str]()
    for number, tab in enumerate(tabs, start=1):
        if not tab.argument or tab.argument in names:
            rendering.say(tab.line, "each tab has a name of its own: /// tab | Python")
        names.append(tab.argument)
        key, name = f"{group}-{number}", escape(tab.argument)
        checked = " checked" if number == 1 else ""
        inputs += f'<input type="radio" name="{group}" id="{key}" autocomplete="off"{checked}>'
        labels += f'<label for="{key}">{name}</label>'
        panels += f'<div class="tabbed-block" role="group" aria-label="{name}">{_content(tab, rendering)}</div>'
    return (
        f'<div class="tabbed-set" role="group" aria-label="{escape("The same in: " + ", ".join(names))}">{inputs}'
        f'<div class="tabbed-labels">{labels}</div><div class="tabbed-content">{panels}</div></div>'
    )


def _content(tab: Block, rendering: Rendering) -> str:
    rendering.options(tab, NoOptions)
    body, line = tab.body()
    parts, _ = scan(body, line, set(rendering.handlers))
    for part in parts:
        if isinstance(part, Block):
            rendering.say(part.line, f'a tab holds text and code, no block "{part.name}"')
    return rendering.text("\n".join(part.text for part in parts if isinstance(part, Words)), line)
