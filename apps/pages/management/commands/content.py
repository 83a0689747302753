"""What can be done with the content from the command line? Check it, load it, write it back."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.content.library import check
from apps.experiments.registry import experiments
from apps.lessons.actions import export_content, import_content
from apps.pages.findable import findable
from apps.search.index import update


class Command(BaseCommand):
    help = "Check, import or export lessons. Problems are printed as file:line: message, and make the exit code 1."
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

    def handle(self, action, directory, **options):
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
        else:
            self.stdout.write(f"{export_content(directory)} files written below {directory}")

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
