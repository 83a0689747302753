"""How does one try a run with a change? Its settings are put on the knobs, and the page says from which run."""

from dataclasses import dataclass

from apps.labs.models import Run


@dataclass(frozen=True, slots=True)
class Fork:
    """What the address of a lab asks for, a forked run's settings filled in. `run` is that run, if there is one."""

    data: dict
    run: Run | None = None
    problem: str = ""  # why nothing was taken over


def forked(slug: str, data: dict) -> Fork:
    """Return the settings that an address asks for: those of the run `fork=<id>`, changed by what else it sets."""
    asked = data.get("fork", "")
    if not asked:
        return Fork(data)
    run = None if "\0" in asked else Run.objects.filter(pk=asked[:16], lab=slug).first()
    if run is None or run.pk != asked:
        said = f"There is no run “{asked[:40]}” of this lab, so these are the settings of the question."
        return Fork(data, problem=said)
    return Fork({**run.params, "preset": run.preset, **data}, run)
