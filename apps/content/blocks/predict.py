"""`/// predict | caching`: a bet before the run. Without JavaScript it leads to the lab with the bet in the address."""

from __future__ import annotations

from html import escape

from apps.content import addresses
from apps.content.blocks.lab import chosen
from apps.content.rendering import Rendering
from apps.content.scan import Block


def render(block: Block, rendering: Rendering) -> str:
    """Return the form of the bet: question, unit and range are the preset's."""
    found = chosen(block, rendering)
    before = rendering.text(*block.body())
    if found is None:
        return ""
    lab, name, preset = found
    bet = preset.predict
    if not rendering.known("figure", bet.figure, lab.figures, block.line):
        return ""
    figure, slug = lab.figures[bet.figure], escape(block.argument)
    shown = 100 if figure.unit == "%" else 1  # a share is kept as 0.57 and asked for as 57 %
    unit = f", {escape(figure.unit)}" if figure.unit else ""
    hint = f"from {bet.low * shown:g} to {bet.high * shown:g}"
    key = f"bet-{rendering.number()}"
    return (
        f'{before}<bet-form for="lab-{slug}">'
        f'<form class="predict" method="get" action="{addresses.lab(slug)}#lab-{slug}">'
        f'<input type="hidden" name="preset" value="{escape(name)}">'
        f'<span class="tag">Your guess</span><p id="{key}-question">{escape(preset.question)}</p><div class="row">'
        f'<label for="{key}">{escape(figure.label)}{unit}'
        f'<input id="{key}" name="guess" inputmode="decimal" autocomplete="off" required placeholder="{hint}"'
        f' aria-describedby="{key}-question"></label>'
        f'<fieldset class="range"><legend>80&nbsp;% sure it is between</legend>'
        f'<input name="guess_low" inputmode="decimal" autocomplete="off" aria-label="at least">'
        f' <input name="guess_high" inputmode="decimal" autocomplete="off" aria-label="at most"></fieldset>'
        f'<button name="bet" value="guess">Bet and run</button>'
        f'<button class="plain" name="bet" value="skip" formnovalidate>Skip</button>'
        f"</div></form></bet-form>"
    )
