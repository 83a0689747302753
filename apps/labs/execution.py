"""How does a worker carry out a claimed run? It measures, streams, keeps its lease, and writes the end exactly once."""

import subprocess
import sys
import threading
import time
from functools import cache
from typing import Any

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_process_shutdown, worker_ready
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from apps.experiments.base import ExperimentError
from apps.experiments.bench import Bench
from apps.experiments.runner import Stopped, run_experiment
from apps.labs import streams
from apps.labs.ending import end
from apps.labs.lease import Lease
from apps.labs.models import Run, RunState

log = structlog.get_logger(__name__)
STORE_PATIENCE_S = 60.0


@cache
def bench() -> Bench:
    """Return this worker process's bench; its servers stay warm between runs."""
    return Bench.from_environment(settings.LAB_REDIS_URL, settings.LAB_POSTGRES_DSN)


@worker_process_shutdown.connect
def close_bench(**_: object) -> None:
    """Stop the lab servers with the worker."""
    if bench.cache_info().currsize:
        bench().close()


@worker_ready.connect
def compile_ahead(sender: Any, **_: object) -> None:
    """Compile the simulator beside the interactive worker, so that no learner waits the 12 s that it takes once.

    In a process of its own: the compiler would stay in the worker's memory.
    """
    if sender.hostname.startswith("interactive"):
        threading.Thread(target=_compile, name="compile-ahead", daemon=True).start()


def _compile() -> None:
    command = [sys.executable, "-m", "apps.simulator"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    if done.returncode:
        log.error("simulator_not_compiled", said=done.stderr[-500:])


def carry_out(run: Run) -> None:
    """Run the experiment of a claimed run and store how it ended. A bug is stored as a failure and raised."""
    publisher = streams.Publisher(run.pk, run.attempt)
    streams.announce(run.pk, "state", {"attempt": run.attempt, "state": RunState.RUNNING})
    with Lease(run) as lease:
        try:
            ending = _measure(run, publisher, lease)
        except Exception:
            _store(run, publisher, {"state": RunState.FAILED, "reason": "Something broke on our side. It is logged."})
            raise
        if not lease.lost:
            _store(run, publisher, ending)


def _measure(run: Run, publisher: streams.Publisher, lease: Lease) -> dict[str, Any]:
    """Return the fields of the run's final state."""

    def should_stop() -> bool:
        publisher.flush_if_due()
        return publisher.stop_asked or lease.stop_asked or lease.lost

    try:
        result = run_experiment(
            run.lab, run.params, seed=run.seed, bench=bench(), on_sample=publisher.publish, should_stop=should_stop
        ).as_json()
    except Stopped as stopped:
        return {"state": RunState.STOPPED, "reason": "You stopped it.", "series": stopped.series}
    except ExperimentError as error:  # expected, and worded for the learner
        return {"state": RunState.FAILED, "reason": str(error)}
    except SoftTimeLimitExceeded:
        return {"state": RunState.FAILED, "reason": "The run took longer than its time limit and was ended."}
    long = {"series": result.pop("series"), "film": result.pop("film")}
    return {"state": RunState.DONE, "reason": run.reason, "result": result, **long}


def _store(run: Run, publisher: streams.Publisher, ending: dict[str, Any]) -> None:
    """Write the end of the run if this attempt still holds it, waiting out a restart of the database."""
    give_up_at = time.monotonic() + STORE_PATIENCE_S
    while True:
        try:
            stored = end(Run.objects.held_by(run.pk, run.attempt), run, **ending)
            break
        except (OperationalError, InterfaceError) as error:
            if time.monotonic() > give_up_at:
                raise
            log.warning("end_waits_for_database", run=run.pk, error=str(error).strip())
            connection.close()
            time.sleep(0.5)
    publisher.flush()
    if stored:
        streams.announce(run.pk, "done", {"state": ending["state"]})
        log.info("run_ended", run=run.pk, lab=run.lab, state=str(ending["state"]), attempt=run.attempt)
