"""What can be found on this site? Lessons with their sections, labs with their questions, words, concepts, tracks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial

from django.urls import Resolver404, resolve, reverse

from apps.experiments.base import Experiment
from apps.lessons.models import Lesson, Revision
from apps.lessons.shelf import Entry, Row, read_shelf
from apps.pages.sections import sections_of
from apps.search.index import Found, Page
from apps.search.models import Kind

VERSION = "1"  # raise it when the same content should be found otherwise
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
    yield from map(page_of, [*glossary_documents(fronts), *concept_documents(fronts, labs)])


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
    words = [*revision.front["concepts"], *sources, *(f"{section.title}. {section.text}" for section in sections)]
    names = (entry.short, entry.slug.replace("-", " "))
    yield Found(Kind.LESSON, url, entry.title, row.title, entry.summary, "\n".join(words), names)
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


def glossary_documents(fronts: list[dict]) -> Iterator[Found]:
    """Yield the words that lessons define, each once, if there is a page of them."""
    if not leads_somewhere("/glossary/"):
        return
    defined = {slug: word for front in fronts for slug, word in front.get("glossary", {}).items()}
    for slug, word in defined.items():
        names = (*word["also"], slug.replace("-", " "))
        yield Found(Kind.TERM, f"/glossary/#{slug}", word["term"], "", word["means"], names=names)


def concept_documents(fronts: list[dict], labs: Mapping[str, Experiment]) -> Iterator[Found]:
    """Yield the concepts of lessons and labs that have a page, with what it gathers."""
    defined = {slug: word["term"] for front in fronts for slug, word in front.get("glossary", {}).items()}
    gathered: dict[str, list[str]] = {}
    for title, concepts in (
        *((front["title"], front["concepts"]) for front in fronts),
        *((lab.title, lab.concepts) for lab in labs.values()),
    ):
        for slug in concepts:
            gathered.setdefault(slug, []).append(title)
    for slug, titles in gathered.items():
        if leads_somewhere(url := f"/concepts/{slug}/"):
            name = defined.get(slug) or slug.replace("-", " ").capitalize()
            yield Found(Kind.CONCEPT, url, name, "", f"In: {' · '.join(dict.fromkeys(titles))}.")


def leads_somewhere(address: str) -> bool:
    """Return whether an address of this site has a view."""
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
