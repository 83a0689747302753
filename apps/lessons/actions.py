"""How do files become lessons, and lessons files again? Only what changed is rendered; a broken file harms nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from apps.content.front import Front
from apps.content.labfacts import Labs
from apps.content.lesson import Lesson as Rendered
from apps.content.library import TRACKS_FILE, LessonFile, Library, read_library
from apps.content.problems import Problem
from apps.content.render import renderer_key
from apps.lessons.models import ContentFile, Lesson, Revision, Source, Track
from apps.lessons.moved import notes_on, take_redirects

LOCK = 7_231_402  # one import at a time; any number, the same in every process


@dataclass(slots=True)
class Report:
    """What an import did. `problems` hold those that kept a file out, and the notes about labs to come."""

    stored: list[str] = field(default_factory=list)
    unchanged: int = 0
    retired: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def broken(self) -> list[Problem]:
        """Return the problems that somebody has to mend."""
        return [problem for problem in self.problems if not problem.pending]


@transaction.atomic
def import_content(directory: Path, *, labs: Labs) -> Report:
    """Load what changed in a content directory and return what was done. Doing it twice changes nothing.

    A broken file is reported and its last good revision stays; a lesson whose file is gone is no longer listed.
    Lessons edited in the studio are left alone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    library = read_library(directory)
    report = Report(problems=list(library.problems))
    if not library.tracks:  # without its tracks nothing can be told about the rest
        return report
    tracks, rows, renderer = _store_tracks(library), _rows(), renderer_key(labs)
    for file in library.lessons:
        row, key = rows.get(file.name), f"{renderer}-{library.glossary.key(file.text)}"
        if row and (row.source == Source.STUDIO or _is_current(row, file, key)):
            report.unchanged += 1
            continue
        rendered = file.render(labs, library.names, library.glossary)
        report.problems += rendered.problems
        if rendered.front and not rendered.broken:
            _store(file, rendered, rendered.front, tracks[file.track], key)
            report.stored.append(file.name)
    report.problems += take_redirects(directory)
    report.retired = _retire(rows, library)
    report.problems += notes_on(report.retired, directory)
    return report


def _rows() -> dict[str, Lesson]:
    """Return every lesson by track/slug with its revision, without the long columns."""
    long = ["text", "html", "front", "headings", "questions", "claims"]
    rows = Lesson.objects.select_related("track", "revision").defer(*(f"revision__{name}" for name in long))
    return {f"{row.track.slug}/{row.slug}": row for row in rows}


def _store_tracks(library: Library) -> dict[str, Track]:
    ContentFile.objects.update_or_create(path=TRACKS_FILE, defaults={"text": library.tracks_text})
    stored = {}
    for order, track in enumerate(library.tracks):
        parts = [[part.first, part.title] for part in track.parts]
        values = {"title": track.title, "summary": track.summary, "order": order, "parts": parts}
        stored[track.slug] = Track.objects.update_or_create(slug=track.slug, defaults=values)[0]
    Track.objects.exclude(slug__in=stored).filter(lessons=None).delete()
    return stored


def _is_current(row: Lesson, file: LessonFile, renderer: str) -> bool:
    known = row.revision
    return (
        row.listed
        and known is not None
        and (row.order, known.content_hash, known.renderer) == (file.order, file.content_hash, renderer)
    )


def _store(file: LessonFile, rendered: Rendered, front: Front, track: Track, renderer: str) -> None:
    """Make the text of a file what readers see. A text that was there before is the same revision again."""
    values = {"order": file.order, "title": front.title, "short": front.name, "summary": front.summary, "listed": True}
    lesson, _ = Lesson.objects.update_or_create(track=track, slug=file.slug, defaults=values)
    revision = Revision.objects.filter(lesson=lesson, content_hash=file.content_hash).first()
    revision = revision or Revision(lesson=lesson, content_hash=file.content_hash, text=file.text)
    revision.take(rendered, renderer)
    revision.save()
    Lesson.objects.filter(pk=lesson.pk).update(revision=revision)


def _retire(rows: dict[str, Lesson], library: Library) -> list[str]:
    """Take lessons whose file is gone off the list, and return their names. They and their revisions stay."""
    there = library.names | library.unreadable
    gone = [name for name, row in rows.items() if row.listed and row.source == Source.FILE and name not in there]
    Lesson.objects.filter(pk__in=[rows[name].pk for name in gone]).update(listed=False)
    return gone


def export_content(directory: Path) -> int:
    """Write every listed lesson and the tracks below `directory`, byte for byte; return how many files."""
    texts = {file.path: file.text for file in ContentFile.objects.all()}
    for lesson in Lesson.objects.listed().select_related("track", "revision"):
        texts[f"lessons/{lesson.track.slug}/{lesson.order:02}-{lesson.slug}.md"] = lesson.revision.text
    for name, text in texts.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return len(texts)
