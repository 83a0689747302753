"""What can be done with the content from the command line? Check it, load it, write it back, or as books."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.content.library import check
from apps.experiments.registry import experiments
from apps.lessons.actions import export_content, import_content
from apps.lessons.epub import epub_of
from apps.lessons.pages import book_of
from apps.lessons.press import page_of
from apps.lessons.shelf import read_shelf
from apps.pages.findable import findable
from apps.search.index import update


class Command(BaseCommand):
    help = "Check, load or write lessons, or make books of them. Problems are file:line: message, and exit code 1."
    requires_system_checks = []

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True)
        for name, help_text in (
            ("check", "say what is wrong with the files; touches no database"),
            ("import", "load what changed; a broken file keeps its last good text"),
        ):
            action = actions.add_parser(name, help=help_text)
            action.add_argument("directory", nargs="?", type=Path, default=settings.CONTENT_DIR)
        export = actions.add_parser("export", help="write lessons and tracks back as the files they came from")
        export.add_argument("directory", type=Path)
        book = actions.add_parser("book", help="write each track as one HTML page and as an EPUB, to read offline")
        book.add_argument("directory", type=Path)
        book.add_argument("--track", help="the slug of one track; left out: all of them")

    def handle(self, action, directory, track=None, **options):
        if action == "check":
            self.report(check(self.existing(directory), experiments()))
        elif action == "import":
            report = import_content(self.existing(directory), labs=experiments())
            said = f"{len(report.stored)} stored, {report.unchanged} unchanged, {len(report.retired)} no longer listed"
            self.stdout.write(f"lessons: {said}")
            changes = update(findable(experiments()))
            said = f"{changes.written} pages indexed, {changes.unchanged} unchanged, {changes.removed} removed"
            self.stdout.write(f"search: {said}")
            self.report(report.problems)
        elif action == "book":
            self.write_books(directory, track)
        else:
            self.stdout.write(f"{export_content(directory)} files written below {directory}")

    def write_books(self, directory, track):
        """Write the books of what was imported. Raises CommandError for a track that has no lessons."""
        shelf = read_shelf()
        there = [row.slug for row in shelf.rows if row.lessons]
        if track is not None and track not in there:
            raise CommandError(f"There is no book of “{track}”. Tracks with lessons: {', '.join(there) or 'none'}.")
        directory.mkdir(parents=True, exist_ok=True)
        for slug in there if track is None else [track]:
            book = book_of(shelf, slug)
            for name, body in ((f"{slug}.html", page_of(book).encode()), (f"{slug}.epub", epub_of(book))):
                (directory / name).write_bytes(body)
                self.stdout.write(f"{directory / name}: {len(body) // 1024} KiB")

    def existing(self, directory):
        """Return the directory, its path short if it lies below the current one. Raises CommandError if it is not."""
        if not directory.is_dir():
            raise CommandError(f"{directory} is not a directory.")
        here = Path.cwd()
        return directory.relative_to(here) if directory.is_absolute() and directory.is_relative_to(here) else directory

    def report(self, problems):
        """Print the problems, notes last. Raises CommandError if any has to be mended."""
        broken = [problem for problem in problems if not problem.pending]
        for problem in [*broken, *(problem for problem in problems if problem.pending)]:
            self.stdout.write(str(problem))
        if broken:
            raise CommandError(f"{len(broken)} problem{'s' if len(broken) > 1 else ''} to mend.")
