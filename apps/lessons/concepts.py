"""What does the site have on one concept? The lessons that teach it and where in them, questions, labs, neighbours."""

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape

from apps.content.front import Definition
from apps.content.sections import sections_of
from apps.content.terms import Glossary
from apps.lessons.glossary import Dictionary, Word
from apps.lessons.models import Revision
from apps.lessons.shelf import Entry

MOST_SECTIONS = 5
_LAB = re.compile(r'<section class="lab[^"]*" id="lab-([a-z0-9-]+)" aria-label="Lab: ([^"]*)"')


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson that teaches a concept. `sections` are address and title of where it is treated most."""

    entry: Entry
    sections: tuple[tuple[str, str], ...]
    questions: int
    others: tuple[Word, ...]


def concept_context(words: Dictionary, word: Word) -> dict:
    """Return what the page of a concept shows."""
    revisions = Revision.objects.only("html", "headings", "questions").in_bulk([e.revision for e in word.taught])
    taught, labs = [], {}
    for entry in sorted(word.taught, key=lambda entry: entry != word.owner):
        revision = revisions[entry.revision]
        others = tuple(other for other in words.concepts_of(entry) if other != word)
        questions = sum(question["concept"] == word.slug for question in revision.questions)
        taught.append(Taught(entry, sections_on(word, revision), questions, others))
        labs |= {slug: unescape(title) for slug, title in _LAB.findall(revision.html)}
    return {
        "word": word,
        "taught": taught,
        "labs": labs,
        "questions": sum(lesson.questions for lesson in taught),
    }


def sections_on(word: Word, revision: Revision) -> tuple[tuple[str, str], ...]:
    """Return address and title of the sections that name a word in their heading or most often in their text."""
    forms = Glossary({word.slug: Definition(term=word.term, means=word.means or "Not said yet.", also=word.also)})
    titles = {name: title for _, name, title in revision.headings}
    counts: Counter[str] = Counter()
    for section in sections_of(revision.html):
        if section.id in titles:
            named = any(forms.words.found(section.title))
            counts[section.id] = sum(1 for _ in forms.words.found(section.text)) + 100 * named
    best = {name for name, count in counts.most_common(MOST_SECTIONS) if count}
    return tuple((name, title) for name, title in titles.items() if name in best)
