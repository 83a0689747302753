"""What can be found on this site? Lessons with their sections, labs with their questions, words, concepts, tracks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial

from django.urls import Resolver404, resolve, reverse

from apps.content.sections import sections_of
from apps.experiments.base import Experiment
from apps.lessons.models import Lesson, Revision
from apps.lessons.shelf import Entry, Row, read_shelf
from apps.search.index import Found, Page
from apps.search.models import Kind

VERSION = "3"  # raise it when the same content should be found otherwise
NOT_FOUND = {"quiz", "next"}  # sections that only lead elsewhere


def findable(labs: Mapping[str, Experiment]) -> Iterator[Page]:
    """Yield every page that search should know. What a page holds is read only if its stamp is new."""
    for row in read_shelf().rows:
        if row.lessons:
            yield page_of(*track_documents(row))
        for entry in row.lessons:
            stamp = f"{VERSION} {entry.version} {entry} {row.title}"
            yield Page(reverse("lesson", args=[entry.track, entry.slug]), stamp, partial(lesson_documents, entry, row))
    for slug, lab in labs.items():
        yield page_of(*lab_documents(slug, lab))
    fronts = list(Lesson.objects.listed().values_list("revision__front", flat=True))
    for found in word_documents(fronts):
        yield page_of(*found)


def page_of(first: Found, *others: Found) -> Page:
    """Return the page of documents that are made already; its stamp is all they say."""
    stamp = hashlib.sha256(repr((VERSION, first, others)).encode()).hexdigest()
    return Page(first.url, stamp, lambda: (first, *others))


def lesson_documents(entry: Entry, row: Row) -> Iterator[Found]:
    """Yield a lesson, which holds every word of its text, and its sections."""
    revision = Revision.objects.only("html", "front").get(pk=entry.revision)
    url = reverse("lesson", args=[entry.track, entry.slug])
    sections = sections_of(revision.html)
    sources = [f"{source['title']}, {source['author']}" for source in revision.front["sources"]]
    words = [*sources, *(f"{section.title}. {section.text}" for section in sections)]
    defined = revision.front.get("glossary", {})
    topics = (*revision.front["concepts"], *(word["term"] for word in defined.values()))
    owned = (defined[slug]["term"] for slug in revision.front["concepts"] if slug in defined)
    names = (entry.short, entry.slug.replace("-", " "), *owned)  # who looks for a concept wants the lesson that owns it
    yield Found(Kind.LESSON, url, entry.title, row.title, entry.summary, "\n".join(words), names, topics)
    for section in sections:
        if section.title and section.id not in NOT_FOUND:
            context = f"{row.title} / {entry.short}"
            yield Found(Kind.SECTION, f"{url}#{section.id}", section.title, context, text=section.text)


def track_documents(row: Row) -> Iterator[Found]:
    """Yield a track."""
    url = reverse("track", args=[row.slug])
    yield Found(Kind.TRACK, url, row.title, "", row.summary, names=(row.slug.replace("-", " "),))


def lab_documents(slug: str, lab: Experiment) -> Iterator[Found]:
    """Yield a lab and the questions that it answers."""
    url = reverse("lab", args=[slug])
    words = [
        lab.model, lab.caution, *lab.concepts,
        *(figure.label for figure in lab.figures.values()), *(param.label for param in lab.params.values()),
    ]  # fmt: skip
    yield Found(Kind.LAB, url, lab.title, "", lab.question, " · ".join(words), (slug.replace("-", " "),))
    for key, preset in lab.presets.items():
        text = " ".join(dict.fromkeys((preset.question, preset.predict.question)))
        yield Found(Kind.QUESTION, f"{url}?preset={key}", preset.title, lab.title, text=text)


def word_documents(fronts: list[dict]) -> Iterator[list[Found]]:
    """Yield for each word what there is on it: its definition, then the page of what the lessons teach of it.

    Nothing is said of pages that this site has not got.
    """
    has_glossary, has_concepts = leads_somewhere("/glossary/"), leads_somewhere("/concepts/x/")
    defined = {slug: word for front in reversed(fronts) for slug, word in front.get("glossary", {}).items()}
    taught: dict[str, list[str]] = {}
    for front in fronts:
        for slug in front["concepts"]:
            taught.setdefault(slug, []).append(front["title"])
    for slug in {**taught, **defined}:
        word = defined.get(slug, {"term": slug.replace("-", " "), "means": "", "also": ()})
        title, names = word["term"][:1].upper() + word["term"][1:], (*word["also"], slug.replace("-", " "))
        found = []
        if word["means"] and has_glossary:
            found += [Found(Kind.TERM, f"/glossary/#{slug}", title, "", word["means"], names=names)]
        if slug in taught and has_concepts:
            heading = f"Everything on “{word['term']}”" if found else title
            summary = f"In: {' · '.join(taught[slug])}"
            found += [Found(Kind.CONCEPT, f"/concepts/{slug}/", heading, "", summary, names=names)]
        if found:
            yield found


def leads_somewhere(address: str) -> bool:
    """Return whether an address of this site has a view."""
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
