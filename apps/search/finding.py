"""What does a line of text find? Pages with all its words, then some with a few of them; slips are put right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from apps.search.excerpts import excerpt, pattern_of
from apps.search.index import name_key
from apps.search.models import Document
from apps.search.query import SHORTEST_PREFIX, Query, query_of, words_of
from apps.search.ranking import Group, ranked, with_heads
from apps.search.vocabulary import Vocabulary, keeper


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. `corrected` is what was looked for instead of the typed words, "" if those were."""

    groups: tuple[Group, ...] = ()
    more: int = 0  # groups beyond those
    corrected: str = ""
    complete: int = 0  # so many of the groups hold all words; those after them hold some
    near: tuple[str, ...] = ()  # words that may help when nothing was found

    @property
    def loosened(self) -> bool:
        """Whether no page holds all words."""
        return bool(self.groups) and not self.complete

    @property
    def partly(self) -> bool:
        """Whether pages that hold all words are followed by some that do not."""
        return 0 < self.complete < len(self.groups)


def find(line: str, *, most: int, as_typed: bool = False) -> Answer:
    """Return what a cleaned line finds, the best `most` pages. `as_typed`: no slip is put right."""
    words, vocabulary = words_of(line), keeper.get()
    if not words or not vocabulary.counts:
        return Answer()
    stems = vocabulary.stems_for(words)
    right = words if as_typed else [better for word in words for better in mended(word, stems[word], vocabulary)]
    stems |= vocabulary.stems_for(right)
    query = query_of(right, stems, prefixes(right, stems, vocabulary), line)
    groups, complete = ranked(query, name_key(right, stems))
    shown = with_heads(groups[:most])
    cut_excerpts(shown, query, vocabulary)
    return Answer(
        groups=tuple(shown),
        more=max(0, len(groups) - most),
        corrected=" ".join(right) if right != words else "",
        complete=complete,
        near=() if groups else tuple(near for word in words for near in vocabulary.speller.nearest(word, 2)),
    )


def mended(word: str, stem: str, vocabulary: Vocabulary) -> list[str]:
    """Return a word as it is if the index knows it or a longer one, else the nearest known one, or the two it joins."""
    if vocabulary.knows(word, stem) or vocabulary.begins(word):
        return [word]
    return vocabulary.speller.nearest(word) or list(vocabulary.speller.parted(word) or [word])


def prefixes(words: list[str], stems: dict[str, str], vocabulary: Vocabulary) -> Iterable[str]:
    """Yield the words that may be the beginning of longer ones: the last, and those that are no words of the index."""
    for number, word in enumerate(words, start=1):
        is_last = number == len(words) and (len(word) >= SHORTEST_PREFIX or number == 1)
        if is_last or not vocabulary.knows(word, stems[word]):
            yield word


def cut_excerpts(groups: Iterable[Group], query: Query, vocabulary: Vocabulary) -> None:
    """Give each hit its excerpt."""
    hits = [hit for group in groups for hit in group.hits]
    texts = dict(Document.objects.filter(pk__in=[hit.pk for hit in hits]).values_list("pk", "text"))
    pattern = pattern_of(query, vocabulary)
    for hit in hits:
        hit.excerpt = excerpt(texts.get(hit.pk, ""), pattern)
