"""What does one rendering of a lesson know and collect? Its place, the labs, what it found, and what was wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from html import escape

from pydantic import BaseModel

from apps.content import addresses
from apps.content.claims import Claim
from apps.content.finish import Finish, words_of
from apps.content.labfacts import LabFacts, Labs
from apps.content.maths import MathError, to_mathml
from apps.content.positions import Located, YamlError, read_yaml
from apps.content.problems import Problem
from apps.content.prose import Converter, Pieces
from apps.content.questions import Question
from apps.content.scan import Block, scan
from apps.content.terms import EMPTY, Glossary
from apps.content.validation import Model, did_you_mean, validate

Handler = Callable[[Block, "Rendering"], str]
_CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lesson stands: the name of its file for messages, and `track` and `slug` for addresses."""

    file: str
    track: str
    slug: str

    @property
    def name(self) -> str:
        """Return track/slug."""
        return f"{self.track}/{self.slug}"


@dataclass(slots=True)
class Rendering:
    """One rendering: made, used once, thrown away. Nothing of it is shared between threads."""

    place: Place
    labs: Labs
    lessons: Collection[str]  # track/slug of every lesson that may be linked to
    handlers: Mapping[str, Handler]
    glossary: Glossary = EMPTY
    pieces: Pieces = field(default_factory=Pieces)
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    asked: int = 0  # questions, those that are wrong too
    question_lines: dict[str, int] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    shown_labs: list[str] = field(default_factory=list)
    words: int = 0
    numbers: int = 0
    finish: Finish = field(init=False)
    converter: Converter = field(init=False)

    def __post_init__(self) -> None:
        self.finish = Finish(self.pieces.drop)
        self.converter = Converter(self.pieces, self.link_to)

    def say(self, line: int, message: str, *, pending: bool = False) -> None:
        """Keep a problem."""
        self.problems.append(Problem(self.place.file, line, message, pending))

    def number(self) -> int:
        """Return 1, 2, 3 and so on: for ids that only have to differ within the page."""
        self.numbers += 1
        return self.numbers

    def text(self, markdown: str, line: int, *, listed: bool = False) -> str:
        """Return Markdown and the blocks in it as HTML that is safe to show; its words are counted.

        `listed`: this is the running text of the lesson; its headings belong in the contents, its terms are marked.
        """
        parts, complaints = scan(markdown, line, set(self.handlers))
        for at, message in complaints:
            self.say(at, message)
        source = "\n\n".join(
            self.pieces.put_block(self.block(part)) if isinstance(part, Block) else part.text for part in parts
        )
        html = self._prose(source, markdown, line)
        self.words += len(words_of(self.pieces.drop(_CODE.sub("", html))).split())
        html = self.finish.apply(html, listed=listed)
        html = self.glossary.mark(html) if listed else html
        return self.pieces.restore_inline(self.pieces.restore_blocks(html))

    def inline(self, markdown: str, line: int) -> str:
        """Return a short text (an option, a reason) as HTML without a paragraph round it. Words are not counted."""
        html = self._prose(markdown, markdown, line).strip()
        if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
            html = html.removeprefix("<p>").removesuffix("</p>")
        return self.pieces.restore_inline(html)

    def _prose(self, source: str, original: str, line: int) -> str:
        def make_math(latex: str, display: bool) -> str:
            try:
                return to_mathml(latex, display=display)
            except MathError as error:
                self.say(line_of(latex, original, line), str(error))
                return f"<code>{escape(latex)}</code>"

        return self.converter.html(source, make_math)

    def block(self, block: Block) -> str:
        """Return the HTML of one block, or nothing and a problem."""
        handler = self.handlers.get(block.name)
        if handler is None:
            self.say(block.line, f'there is no block "{block.name}"{did_you_mean(block.name, self.handlers)}')
            return ""
        return handler(block, self)

    def options(self, block: Block, model: type[Model]) -> tuple[Model | None, Located]:
        """Return the options right below a block's first line, or None after saying what is wrong."""
        return self._validated(model, *block.options())

    def yaml(self, block: Block, model: type[Model]) -> tuple[Model | None, Located]:
        """Return all of a block's inside, or None after saying what is wrong."""
        return self._validated(model, *block.yaml())

    def _validated(self, model: type[Model], text: str, line: int) -> tuple[Model | None, Located]:
        try:
            located = read_yaml(text, line)
        except YamlError as error:
            self.say(error.line, error.message)
            return None, Located({})
        value, complaints = validate(model, located)
        for at, message in complaints:
            self.say(at, message)
        return value, located

    def lab(self, slug: str, line: int) -> LabFacts | None:
        """Return a lab, or None after noting that it is not built yet."""
        facts = self.labs.get(slug)
        if facts is None:
            self.say(line, pending_lab(slug, self.labs), pending=True)
        return facts

    def known(self, kind: str, name: str, names: Collection[str], line: int) -> bool:
        """Return whether `name` is one of `names`, after saying so if it is not."""
        if name not in names:
            self.say(line, f'the lab has no {kind} "{name}"{did_you_mean(name, names)}')
        return name in names

    def link_to(self, reference: str) -> str | None:
        """Return the address of `track/slug#heading`, or None if there is no such lesson."""
        name, hash_sign, heading = reference.partition("#")
        return addresses.lesson(name) + hash_sign + heading if name in self.lessons else None


class NoOptions(BaseModel):
    """The options of a block that has none."""

    model_config = {"extra": "forbid"}


def pending_lab(slug: str, labs: Labs) -> str:
    """Return the note about a lab that is not there, with the nearest name if it looks mistyped."""
    near = did_you_mean(slug, labs)
    return f"pending: lab {slug} is not built yet" + (near if near.startswith("; did") else "")


def line_of(snippet: str, text: str, first_line: int) -> int:
    """Return the number of the line on which `snippet` first stands in `text`."""
    position = text.find(snippet)
    return first_line + (text.count("\n", 0, position) if position > 0 else 0)
