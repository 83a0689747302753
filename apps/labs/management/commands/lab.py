"""How is a lab run from the shell? In this process, without web, broker or the site's database."""

import json
import signal

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.experiments.base import ExperimentError
from apps.experiments.bench import Bench
from apps.experiments.params import ParamsError
from apps.experiments.reference import reference
from apps.experiments.registry import experiments
from apps.experiments.runner import UnknownExperiment, find_experiment, run_experiment
from apps.experiments.trials import summarise
from apps.labs import console
from apps.labs.challenges import settings_of_try

WRONG, CANNOT, INTERRUPTED = 2, 1, 130
MOST = 2**31 - 1


def whole(name, text, low):
    """Return an option as a whole number. Raises ValueError with what is allowed."""
    if not str(text).isdecimal() or not low <= int(text) <= MOST:
        raise ValueError(f"{name}: use a whole number from {low} to {MOST}.")
    return int(text)


class Command(BaseCommand):
    help = "Run one lab in this process and print what it measured beside theory."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("slug", nargs="?", help="which lab; see --list")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="one parameter")
        parser.add_argument(
            "--challenge", metavar="NAME", help="try a challenge: its settings, of which --set frees some"
        )
        parser.add_argument("--seed", default="1", help="seed of the (first) run, 1 unless told")
        parser.add_argument("--trials", default="1", help="runs with seeds that follow; figures are medians")
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
        parser.add_argument("--list", action="store_true", help="name the labs")
        parser.add_argument("--reference", action="store_true", help="print docs/labs.md")

    def handle(self, **options):
        if options["list"]:
            return console.listing(experiments())
        if options["reference"]:
            return reference(experiments())
        try:
            experiment = find_experiment(options["slug"] or "")
            options["params"] = self.asked(experiment, options)
            options |= {"seed": whole("--seed", options["seed"], 0), "trials": whole("--trials", options["trials"], 1)}
        except (UnknownExperiment, ParamsError, ValueError) as error:
            self.end(error, WRONG)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop the servers on the way out
        try:
            results = self.run(experiment, options)
        except ExperimentError as error:
            self.end(error, CANNOT)
        except KeyboardInterrupt:
            self.end("Stopped.", INTERRUPTED)
        return self.printed(experiment, results, options)

    def params(self, pairs):
        """Return `--set` arguments by name. Raises ValueError for one without an equals sign."""
        for pair in pairs:
            if "=" not in pair:
                raise ValueError(f"--set {pair}: write NAME=VALUE.")
        return dict(pair.split("=", 1) for pair in pairs)

    def asked(self, experiment, options):
        """Return the settings of the run, allowed ones. Raises ParamsError, ValueError or UnknownChallenge."""
        params = self.params(options["set"])
        if name := options["challenge"]:
            params = settings_of_try(experiment, name, params)
        experiment.clean(params)
        return params

    def run(self, experiment, options):
        """Return the results of every trial."""
        line = console.LiveLine(self.stderr, experiment)
        bench = Bench.from_environment(settings.LAB_REDIS_URL, settings.LAB_POSTGRES_DSN)
        try:
            return [
                run_experiment(
                    options["slug"],
                    options["params"],
                    seed=options["seed"] + trial,
                    bench=bench,
                    on_sample=line.show,
                    should_stop=lambda: False,
                )
                for trial in range(options["trials"])
            ]
        finally:
            line.clear()
            bench.close()

    def printed(self, experiment, results, options):
        """Return the results as text: of one run, or of the medians of several."""
        result, name = summarise(results) if len(results) > 1 else results[0], options["challenge"]
        challenge = experiment.challenges[name] if name else None
        if not options["json"]:
            told = console.verdict(experiment, challenge, result) if challenge else ""
            return "\n\n".join(filter(None, [console.report(experiment, result), told]))
        trials = [{"seed": each.seed, "figures": dict(each.outcome.figures)} for each in results]
        several = {"trials": trials} if len(results) > 1 else {}
        tried = {"challenge": {"name": name, **console.verdict_json(challenge, result)}} if challenge else {}
        return json.dumps({**result.as_json(), **several, **tried})

    def end(self, message, code):
        """Say in one line why nothing comes, and end."""
        self.stderr.write(str(message))
        raise SystemExit(code)
