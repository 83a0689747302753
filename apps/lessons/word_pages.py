"""Which documents are there on words? The glossary and its data, all concepts, one concept."""

import json
from difflib import get_close_matches

from asgiref.sync import sync_to_async
from django.urls import reverse

from apps.lessons.concepts import concept_context
from apps.lessons.documents import Document, build, pack
from apps.lessons.glossary import Word, by_letter, dictionary_of
from apps.lessons.pages import kept_or_built
from apps.lessons.shelf import Shelf, keeper

MOST_NEAR = 4


async def glossary_page() -> Document:
    """Return the page of all words."""
    path = reverse("glossary")

    def make(shelf: Shelf) -> Document:
        words = dictionary_of(shelf).defined()
        return build("lessons/glossary.html", path, {"letters": list(by_letter(words)), "count": len(words)})

    return await kept_or_built(path, make)


async def terms_file() -> Document:
    """Return term and meaning of every word by slug, as JSON: what a page shows beside a word of its text."""

    def make(shelf: Shelf) -> Document:
        words = {word.slug: [word.term, word.means] for word in dictionary_of(shelf).defined()}
        return pack(json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode())

    return await kept_or_built(reverse("glossary-terms"), make)


async def concept_page(slug: str) -> Document | None:
    """Return the page of a concept, or None if no lesson has it."""
    path = reverse("concept", args=[slug])

    def make(shelf: Shelf) -> Document | None:
        words = dictionary_of(shelf)
        word = words.concept(slug)
        return build("lessons/concept.html", path, concept_context(words, word)) if word else None

    return await kept_or_built(path, make)


async def concepts_page() -> Document:
    """Return the page of all concepts: track by track, lesson by lesson."""
    path = reverse("concepts")

    def make(shelf: Shelf) -> Document:
        words = dictionary_of(shelf)
        rows = [
            (row, [(entry, words.concepts_of(entry)) for entry in row.lessons]) for row in shelf.rows if row.lessons
        ]
        return build("lessons/concepts.html", path, {"rows": rows})

    return await kept_or_built(path, make)


async def near_concepts(slug: str) -> list[Word]:
    """Return the concepts that may be meant by an address that leads nowhere, nearest first."""
    return await sync_to_async(_near)(await keeper.get(), slug)  # some ten milliseconds, in which others go on


def _near(shelf: Shelf, slug: str) -> list[Word]:
    words = dictionary_of(shelf)
    names = {name: word for word in words.words.values() if word.taught for name in (word.slug, word.term, *word.also)}
    near = get_close_matches(slug.replace("-", " "), names, n=MOST_NEAR, cutoff=0.55)
    near += get_close_matches(slug, names, n=MOST_NEAR, cutoff=0.55)
    return list(dict.fromkeys(names[name] for name in near))[:MOST_NEAR]
