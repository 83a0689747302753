"""In which order do documents stand? By where the words were found, by kind, and by being called so; page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from apps.search.models import Document, Kind
from apps.search.query import Query, in_a_row

MOST_ROWS = 400  # candidates that are ranked; whatever is beyond shares only a common word
PARTS = 3  # shown below their page
ENOUGH = 3  # pages that hold all words; with fewer, some of the words are worth showing too
FIELD_WEIGHTS = "{0.04, 0.2, 0.6, 1.0}"  # of text, summary and context, heading, title: D to A
IN_A_ROW = 0.15  # for a document in which the words stand as they were typed
EXACT, BEGINS = 1.5, 0.4  # for a document that is called so in full, or whose name begins so

LABELS = {
    Kind.LESSON: "Lesson", Kind.SECTION: "Section", Kind.LAB: "Lab", Kind.QUESTION: "Question for a lab",
    Kind.PROBLEM: "Interview", Kind.TERM: "Glossary", Kind.CONCEPT: "Concept", Kind.TRACK: "Track",
}  # fmt: skip
_RANKED = """
    SELECT * FROM (
        SELECT id, page, url, kind, title, context, names, weight,
               ts_rank(%(weights)s, vector, %(any_word)s::tsquery)
               + CASE WHEN vector @@ %(phrase)s::tsquery THEN %(in_a_row)s ELSE 0 END AS rank
        FROM search_document WHERE vector @@ %(wanted)s::tsquery
    ) AS found ORDER BY weight * rank DESC, id LIMIT %(most)s"""


@dataclass(slots=True)
class Hit:
    """One document that was found."""

    pk: int
    page: str
    url: str
    kind: str
    title: str
    context: str
    score: float
    excerpt: str = ""  # as safe HTML

    @property
    def label(self) -> str:
        """Return the kind in a word for readers."""
        return LABELS[Kind(self.kind)]


@dataclass(frozen=True, slots=True)
class Group:
    """A page that was found, and the best of its parts."""

    head: Hit
    parts: tuple[Hit, ...]

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Return all of them, in the order in which they are shown."""
        return (self.head, *self.parts)


def ranked(query: Query, name: str) -> tuple[list[Group], int]:
    """Return the pages that a query finds, best first, and how many of them hold all its words.

    `name` is what the query would be called. Where few pages hold all words, those that hold some come after them.
    """
    all_words, any_word = (query.asked(loosely=True, joined=joined) for joined in "&|")
    complete = _groups(query, name, query.asked_bound()) if query.bound else []
    complete = complete or _groups(query, name, all_words)
    if len(complete) >= ENOUGH or all_words == any_word:
        return complete, len(complete)
    there = {group.head.page for group in complete}
    partial = [group for group in _groups(query, name, any_word) if group.head.page not in there]
    return [*complete, *partial], len(complete)


def _groups(query: Query, name: str, wanted: str) -> list[Group]:
    hits = [Hit(*row[:6], score=score(row[6], name, *row[7:])) for row in _rows(query, wanted)]
    return grouped(sorted(hits, key=lambda hit: -hit.score))


def _rows(query: Query, wanted: str) -> list[tuple]:
    # The rank of an OR is the mean over its forms; that of an AND would fall with the distance between the words.
    # The word as it was typed counts by itself, by its stem and as a beginning, a longer word only as the last.
    values = {
        "wanted": wanted,
        "any_word": query.asked(loosely=True, joined="|"),
        "phrase": in_a_row(query.phrase) if len(query.phrase) > 1 else "",
        **{"weights": FIELD_WEIGHTS, "in_a_row": IN_A_ROW, "most": MOST_ROWS},
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANKED, values)
        return cursor.fetchall()


def score(names: str, name: str, weight: float, rank: float) -> float:
    """Return how good a hit is: its rank, more if it is called just so or its name begins so, all times its weight."""
    called = names.split("\n")
    if name in called:
        return weight * (rank + EXACT)
    return weight * (rank + (BEGINS if any(other.startswith(name) for other in called) else 0.0))


def grouped(hits: Iterable[Hit]) -> list[Group]:
    """Return the hits page by page in the order of each page's best one; on top the page itself, if it was found."""
    pages: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        pages[hit.page].append(hit)
    groups = []
    for page, found in pages.items():
        head = next((hit for hit in found if hit.url == page), found[0])
        groups.append(Group(head, tuple(hit for hit in found if hit is not head)[:PARTS]))
    return groups


def with_heads(groups: list[Group]) -> list[Group]:
    """Return the groups with the page itself on top of each, also of those in which only a part was found."""
    missing = [group.head.page for group in groups if group.head.url != group.head.page]
    if not missing:
        return groups
    fields = ("pk", "page", "url", "kind", "title", "context")
    heads = {row[1]: Hit(*row, score=0.0) for row in Document.objects.filter(url__in=missing).values_list(*fields)}
    return [
        Group(heads[group.head.page], group.hits[:PARTS]) if group.head.page in heads else group for group in groups
    ]
