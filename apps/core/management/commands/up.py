"""How is the site started? `manage.py up`, which `make run` calls."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.core.stack.preconditions import CannotStart, require_platform


class Command(BaseCommand):
    help = "Run the whole site: embedded servers, web, workers and beat, until Ctrl-C."
    requires_system_checks = ()

    def handle(self, **options):
        try:
            require_platform()  # before the imports that need it
            from apps.core.stack.site import Site
            from apps.testbed.errors import EngineError
        except CannotStart as error:
            self.refuse(error)
        site = Site(
            base_dir=settings.BASE_DIR,
            data_dir=settings.DATA_DIR,
            host=os.environ.get("HOST") or "127.0.0.1",
            port=settings.PORT,
            url=settings.SITE_URL,
        )
        try:
            code = site.run()
        except (CannotStart, EngineError) as error:
            self.refuse(error)
        except OSError as error:  # the disk is full, say
            self.refuse(f"{error.strerror}: {error.filename or settings.DATA_DIR}")
        except KeyboardInterrupt:  # before everything had started; what had is stopped by now
            code = 0
        raise SystemExit(code)

    def refuse(self, error):
        """Say in one line why the site does not start, and end."""
        self.stderr.write(str(error))
        raise SystemExit(1)
