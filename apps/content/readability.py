"""Is a lesson easy to read? Counts the words of its sentences: running text only, no tables, code, quiz or headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

from apps.content.front import split
from apps.content.lesson import Lesson
from apps.content.positions import YamlError
from apps.content.problems import Problem
from apps.content.scan import Fences, Words, scan

MOST_AT_THE_MEDIAN = 20  # words a sentence
LONG = 45
MOST_WORDS = 2600  # of prose: what is longer is two lessons
ENOUGH = 10  # sentences: a median of fewer says nothing
_ONE_WORD = re.compile(r"(`+).+?\1|\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_END = re.compile(r"""(?<=[.!?…])["'”’)*_]*\s+(?=["'“‘(*_$`]*[A-Z0-9])""")
_SHORT = re.compile(r"\b(?:e\.g|i\.e|etc|vs|approx|St|Dr|Mr|No|a\.m|p\.m)\.$")
_WORD = re.compile(r"[\w€$]+(?:[-.,’'/][\w%]+)*")


def sentences(text: str, first_line: int) -> Iterator[tuple[int, int, str]]:
    """Yield line, number of words and text of each sentence of a body. Formulas and code in the line are one word."""
    for part in scan(text, first_line, set())[0]:
        if isinstance(part, Words):
            for line, paragraph in _paragraphs(part):
                yield from ((line, len(_WORD.findall(one)), one) for one in _split(paragraph))


def check_readability(shown: str, text: str, lesson: Lesson) -> list[Problem]:
    """Return a problem if the lesson's sentences are long, and notes of single long ones and of a long lesson."""
    try:
        parted = split(text.replace("\r\n", "\n").removeprefix("\ufeff"))
    except YamlError:
        return []  # said already
    found = list(sentences(parted.body, parted.body_line))
    problems = [
        Problem(shown, line, f'a sentence of {words} words; cut it: "{one[:50]}…"', pending=True)
        for line, words, one in found
        if words > LONG
    ]
    middle = median(words for _, words, _ in found) if len(found) >= ENOUGH else 0
    if middle > MOST_AT_THE_MEDIAN:
        said = f"half of the sentences have {middle:g} words or more; at most {MOST_AT_THE_MEDIAN}"
        problems.append(Problem(shown, parted.body_line, said))
    if lesson.words > MOST_WORDS:
        said = f"{lesson.words:,} words; more than {MOST_WORDS:,} are two lessons"
        problems.append(Problem(shown, 1, said, pending=True))
    return problems


def _paragraphs(part: Words) -> Iterator[tuple[int, str]]:
    """Yield first line and text of each paragraph and list item."""
    fences, start, lines = Fences(), part.line, list[str]()
    for number, line in enumerate(part.text.split("\n"), start=part.line):
        skipped = fences.inside(line, number) or not line.strip() or line.lstrip().startswith(("#", "|", ">", "///"))
        if (skipped or _ITEM.match(line)) and lines:
            yield start, " ".join(lines)
            lines = []
        if not skipped:
            start = start if lines else number
            lines.append(_ITEM.sub("", line).strip())
    if lines:
        yield start, " ".join(lines)


def _split(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph, marks of Markdown left where they do no harm to counting."""
    plain = _LINK.sub(r"\1", _ONE_WORD.sub("X", paragraph))
    result: list[str] = []
    for piece in _END.split(plain):
        if result and _SHORT.search(result[-1]):
            result[-1] += f" {piece}"
        else:
            result.append(piece)
    return [one for one in result if _WORD.search(one)]
