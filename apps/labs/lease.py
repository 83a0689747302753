"""Who holds a run? The worker that renews its lease; one that went silent is fenced off by its attempt number."""

import threading

import structlog
from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now

from apps.labs.models import LEASE, Run

log = structlog.get_logger(__name__)
RENEW_S = 2.0


class Lease:
    """Renews the lease of one attempt every 2 s in a thread of its own, while the run goes on in the main thread.

    `lost` is true once another attempt holds the run; `stop_asked` once the learner asked through the row.
    """

    def __init__(self, run: Run) -> None:
        self.run_id, self.attempt = run.pk, run.attempt
        self.lost = self.stop_asked = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease-{run.pk}", daemon=True)

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _renew(self) -> None:
        while not self._end.wait(RENEW_S) and not self.lost:
            try:
                self._renew_once()
            except (DatabaseError, InterfaceError) as error:
                # An outage of the database is no reason to give up a measurement: the next renewal may pass.
                log.warning("lease_not_renewed", run=self.run_id, error=str(error).strip())
            finally:
                connection.close()

    def _renew_once(self) -> None:
        held = Run.objects.held_by(self.run_id, self.attempt)
        self.lost = not held.update(lease_until=Now() + LEASE)
        self.stop_asked = held.filter(stop_requested_at__isnull=False).exists()
