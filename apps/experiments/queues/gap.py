"""Why does a measured queue differ from the model? In numbers: what the services cost, and what is left."""

from __future__ import annotations

import numpy as np

from apps.experiments.queues.real import Measured
from apps.experiments.queues.replay import Waits
from apps.experiments.queues.settings import Settings

WHY = {
    "postgres": "pg_sleep waits whole milliseconds, its process has to be woken, and question and answer travel",
    "redis": "a script computes as long as it is told, but question and answer travel, and others use the processor",
}


def gap(settings: Settings, measured: Measured, waits: Waits, model: Waits, served_alike: Waits) -> str:
    """Return where the difference between the measured mean wait and the model's comes from, in a few sentences.

    `served_alike` is the model with each service as long as it was.
    """
    longer = "longer" if waits.service >= model.service else "shorter"
    near_the_limit = (
        ", for near the limit the wait grows much faster than the service" if 0.7 <= settings.utilisation < 1 else ""
    )
    by = abs(waits.service - model.service)
    parts = [
        f"Measured: {_ms(waits.mean)} of mean wait. The model, with the same arrivals and work: {_ms(model.mean)}.",
        f"Its services take {_ms(model.service)} on average, the measured ones {_ms(waits.service)}, {_ms(by)} "
        f"{longer}: {WHY[settings.engine]}.",
        f"With the services as measured the model says {_ms(served_alike.mean)}{near_the_limit}.",
        f"The other {_ms(abs(waits.mean - served_alike.mean))} lie between two services: the next request is handed "
        "over, and its worker has to run.",
    ]
    if len(slip := measured.slip[np.isfinite(measured.slip)]):
        parts.append(
            f"Where a server was free, our generator started a request {_ms(float(slip.mean()))} late on average."
        )
    return " ".join(parts)


def _ms(seconds: float) -> str:
    """Return a time to three digits, small ones to the microsecond: "20.3 ms", "0.004 ms"."""
    value = seconds * 1e3
    return f"{value:,.0f} ms" if value >= 1000 else f"{value:.3g} ms" if value >= 1 else f"{value:.3f} ms"
