"""`/// quiz`: one question. In the page its answer opens on a click; with JavaScript the section turns into forms."""

from __future__ import annotations

import re
from html import escape

from apps.content import addresses
from apps.content.positions import Located
from apps.content.quantities import show_number
from apps.content.questions import Option, Question
from apps.content.rendering import Rendering
from apps.content.scan import Block

_MARK = "<!--question-->"  # the sanitiser drops comments, so that no author can write one
_RUN = re.compile(rf"(?:{_MARK}.*?{_MARK}\s*)+", re.DOTALL)


def render(block: Block, rendering: Rendering) -> str:
    """Return one question with its answer folded away, and keep it for the interactive quiz."""
    rendering.asked += 1
    source, located = rendering.yaml(block, Question)
    if source is None:
        return ""
    for path, message in source.complaints():
        rendering.say(located.line_of(path), message)
    if any(question.id == source.id for question in rendering.questions):
        rendering.say(located.line_of(("id",)), f'the id "{source.id}" stands in this lesson twice')
    question = _rendered(source, located, rendering)
    rendering.questions.append(question)
    rendering.question_lines.setdefault(question.id, block.line)
    return f"{_MARK}{_item(question)}{_MARK}"


def gather(html: str, rendering: Rendering) -> str:
    """Return the page with the run of questions made one section; a second run is said to be one too many."""
    runs: list[str] = _RUN.findall(html)
    for run in runs[1:]:
        later = next(name for name in rendering.question_lines if f'id="question-{name}"' in run)
        rendering.say(
            rendering.question_lines[later], "the questions do not stand together; move the text between them"
        )
    load = f'hx-get="{addresses.quiz(rendering.place.name)}" hx-trigger="intersect once" hx-swap="outerHTML"'
    for run in runs:
        section = f'<section class="quiz" id="questions" aria-label="Quiz" {load}><ol class="questions">'
        html = html.replace(run, f"{section}{run.replace(_MARK, '')}</ol></section>", 1)
    return html


def _rendered(source: Question, located: Located, rendering: Rendering) -> Question:
    """Return the question with every text turned into HTML."""

    def inline(text: str, *path: str | int) -> str:
        return rendering.inline(text, located.line_of(path)) if text else ""

    def options(name: str, choices: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(
            choice.model_copy(
                update={
                    "text": inline(choice.text, name, number, "text"),
                    "why": inline(choice.why, name, number, "why"),
                }
            )
            for number, choice in enumerate(choices)
        )

    return source.model_copy(
        update={
            "question": inline(source.question, "question"),
            "explanation": inline(source.explanation, "explanation"),
            "options": options("options", source.options),
            "reasons": options("reasons", source.reasons),
            "order": tuple(inline(step, "order", number) for number, step in enumerate(source.order)),
            "traps": tuple(
                trap.model_copy(update={"why": inline(trap.why, "traps", number, "why")})
                for number, trap in enumerate(source.traps)
            ),
        }
    )


def _item(question: Question) -> str:
    shown = [question.order[index] for index in question.shown_order]
    lists = [_list([option.text for option in question.options]), _list(shown)]
    if question.reasons:
        lists.append("<p>Because:</p>" + _list([option.text for option in question.reasons]))
    return (
        f'<li class="question" id="question-{escape(question.id)}"><div class="asked">{question.question}</div>'
        f"{''.join(lists)}<details><summary>Answer and reasons</summary>{_answer(question)}"
        f"<p>{question.explanation}</p></details></li>"
    )


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _answer(question: Question) -> str:
    if question.kind == "numeric":
        unit = f"\u00a0{escape(question.unit)}" if question.unit else ""
        answer, tolerance = show_number(question.answer), show_number(question.tolerance)
        return f"<p><strong>{answer}{unit}</strong>, give or take {tolerance}{unit}.</p>"
    if question.kind == "ordering":
        return f"<ol>{''.join(f'<li>{step}</li>' for step in question.order)}</ol>"
    return "".join(
        f"<ul>{''.join(_reason(option) for option in options)}</ul>"
        for options in (question.options, question.reasons)
        if options
    )


def _reason(option: Option) -> str:
    word = "right" if option.correct else "wrong"
    why = f": {option.why}" if option.why else ""
    return f'<li class="{word}">{option.text} – <strong>{word}</strong>{why}</li>'
