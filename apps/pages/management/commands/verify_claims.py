"""Which claims of the lessons does this machine confirm?"""

from contextlib import closing

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.experiments.base import ExperimentError
from apps.experiments.bench import Bench
from apps.pages.claims import verify


class Command(BaseCommand):
    help = "Run the lab of every claim in the lessons and say which hold. Exit code 1 if one does not."
    requires_system_checks = []

    def handle(self, **options):
        broken = 0
        with closing(Bench.from_environment(settings.LAB_REDIS_URL, settings.LAB_POSTGRES_DSN)) as bench:
            try:
                for verdict in verify(settings.CONTENT_DIR, bench):
                    self.stdout.write(str(verdict))
                    broken += not verdict.holds
            except ExperimentError as error:
                raise CommandError(str(error)) from error
        if broken:
            raise CommandError(f"{broken} claim{'s do' if broken > 1 else ' does'} not hold.")
