"""What is wrong with this installation? `manage.py doctor` looks, changes nothing, and names what to change."""

from itertools import groupby

from django.core.management.base import BaseCommand

from apps.core.doctor import examine


class Command(BaseCommand):
    help = "Show what is configured, found and running, and what is wrong. Exits with 1 if anything is."
    requires_system_checks = ()

    def handle(self, **options):
        rows = examine()
        for section, members in groupby(rows, key=lambda row: row.section):
            self.stdout.write(self.style.MIGRATE_HEADING(section))
            for row in members:
                self.stdout.write(f"  {'✗' if row.wrong else ' '} {row.name:<17} {row.value}")
        wrong = [row for row in rows if row.wrong]
        self.stdout.write(self.style.MIGRATE_HEADING("wrong"))
        for row in wrong:
            self.stdout.write(self.style.ERROR(f"  {row.name}: {row.wrong}"))
        if wrong:
            raise SystemExit(1)
        self.stdout.write("  nothing")
