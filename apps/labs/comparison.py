"""How do up to four runs differ? Their settings where these differ, and their figures side by side."""

from dataclasses import dataclass
from functools import cached_property

from apps.experiments.base import Experiment, Figure
from apps.labs.compare_charts import colours, comparison_charts
from apps.labs.models import Run
from apps.labs.provenance import servers
from apps.labs.results import interval_told
from apps.labs.units import shown
from apps.labs.wording import in_words

LEAST, MOST = 2, 4
NAMES = "ABCD"


class CannotCompare(Exception):
    """These runs cannot stand side by side; the message says what to change, `status` is the answer's."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Comparison:
    """Runs of one lab, named A to D in the order in which they were asked for."""

    slug: str
    experiment: Experiment
    runs: list[Run]

    @property
    def named(self) -> list[tuple[str, Run]]:
        """Each run with its letter."""
        return list(zip(NAMES, self.runs, strict=False))

    @cached_property
    def charts(self) -> list[dict]:
        """Each line of the lab's charts with one line for each run."""
        return comparison_charts(self.experiment, self.named)

    @property
    def kinds(self) -> list[str]:
        """What each run is, "measured" or "simulated": its settings say so."""
        return [self.experiment.kind_of(run.params) for run in self.runs]

    @property
    def kind(self) -> str:
        """What all runs are; "" where some are measured and some simulated."""
        return self.kinds[0] if len(set(self.kinds)) == 1 else ""

    @property
    def kind_told(self) -> str:
        """What the runs are, in words: "measured", or "A measured, B simulated"."""
        return self.kind or ", ".join(
            f"{letter} {kind}" for (letter, _), kind in zip(self.named, self.kinds, strict=True)
        )

    @cached_property
    def key(self) -> list[dict]:
        """Each run with its letter and what was set otherwise than in the others, in words."""
        return [
            {
                "letter": letter,
                "run": run,
                "number": number,
                "words": ", ".join(f"{row['param'].label} {row['texts'][number]}" for row in self.differences),
                "kind": self.kinds[number],
                "colour": colours(self.kinds)[number],
                "source": servers(self.experiment.as_run_with(run.params), (run.result or {}).get("passport")),
            }
            for number, (letter, run) in enumerate(self.named)
        ]

    @cached_property
    def differences(self) -> list[dict]:
        """The settings that are not the same in all runs: the parameter, and its value in each."""
        rows = []
        for name, param in self.experiment.params.items():
            values = [run.params.get(name) for run in self.runs]
            if len(set(values)) > 1:
                texts = ["" if value is None else in_words(param, value) for value in values]
                rows.append({"name": name, "param": param, "values": values, "texts": texts})
        return rows

    @cached_property
    def figures(self) -> list[dict]:
        """Each figure that a run has: its declaration, and its text in each run; "" where a run lacks it."""
        rows = []
        for name, figure in self.experiment.figures.items():
            values = [(run.result or {}).get("figures", {}).get(name) for run in self.runs]
            if any(value is not None for value in values):
                texts = [self._told(name, figure, run) for run in self.runs]
                rows.append({"name": name, "figure": figure, "values": values, "texts": texts})
        return rows

    def _told(self, name: str, figure: Figure, run: Run) -> str:
        result = run.result or {}
        if (value := result.get("figures", {}).get(name)) is None:
            return ""
        return f"{shown(figure, value)} {interval_told(figure, result.get('intervals', {}).get(name), value)}".strip()


def compare(slug: str, experiment: Experiment, ids: list[str]) -> Comparison:
    """Return runs of this lab by their ids, each once. Whoever has an id may read the run. Raises CannotCompare."""
    wanted = list(dict.fromkeys(filter(None, (text.strip() for text in ids))))
    if not LEAST <= len(wanted) <= MOST:
        raise CannotCompare(f"Name {LEAST} to {MOST} different runs to compare; here are {len(wanted)}.", 422)
    found = {
        run.pk: run for run in Run.objects.defer("film").filter(pk__in=[text for text in wanted if "\0" not in text])
    }
    if missing := [text for text in wanted if text not in found]:
        raise CannotCompare(f"There is no run “{missing[0][:40]}”. Copy its id from the address of its page.", 404)
    if other := [run for run in found.values() if run.lab != slug]:
        said = f"Run {other[0].pk} is one of the lab “{other[0].lab}”. Runs of one lab can be compared."
        raise CannotCompare(said, 422)
    return Comparison(slug, experiment, [found[run_id] for run_id in wanted])
