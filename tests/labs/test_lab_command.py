"""The lab command in a process of its own, with addresses of the site's servers at which nobody answers."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from apps.experiments.registry import experiments

NOBODY = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
SHORT = ["--set", "duration_s=2", "--set", "objects=1000", "--set", "cache_fraction=0.5"]


@pytest.fixture
def lab(tmp_path):
    def run(*arguments, **environment):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
        places = {"DATA_DIR": str(tmp_path), "TMPDIR": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "manage.py", "lab", *arguments],
            cwd=settings.BASE_DIR, env={**kept, **NOBODY, **places, **environment},
            capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip

    return run


def test_a_run_needs_nothing_of_the_site_and_prints_one_json_document(lab):
    done = lab("caching", *SHORT, "--set", "pattern=none", "--seed", "7", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    result = json.loads(done.stdout)
    assert {"slug", "kind", "params", "seed", "figures", "expected", "series", "passport"} <= set(result)
    assert (result["slug"], result["kind"], result["seed"]) == ("caching", "measured", 7)
    assert result["params"]["pattern"] == "none"
    assert result["params"]["alpha"] == 0.9
    assert set(result["expected"]["db_queries_per_s"]) == {"value", "tolerance", "source"}
    assert all(len(point) == 2 for points in result["series"].values() for point in points)


def test_trials_give_medians_and_each_trials_figures(lab):
    result = json.loads(lab("caching", *SHORT, "--trials", "2", "--seed", "3", "--json").stdout)
    assert result["passport"]["trials"] == 2
    assert [trial["seed"] for trial in result["trials"]] == [3, 4]
    ratios = [trial["figures"]["hit_ratio"] for trial in result["trials"]]
    assert result["figures"]["hit_ratio"] == pytest.approx(sum(ratios) / 2)


def test_people_get_the_finding_a_table_and_the_passport(lab):
    done = lab("caching", *SHORT)
    assert "Half of the products answered" in done.stdout
    assert "Hit ratio" in done.stdout
    assert "theory" in done.stdout
    assert "Measured on Redis" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cachin"], "Labs: api-gateway, caching"),
        (["caching", "--set", "alpha=9"], "from 0 to 1.5"),
        (["caching", "--set", "alhpa=1"], "Known: pattern"),
        (["caching", "--set", "eviction=lru"], "Choose one of: allkeys-lru"),
        (["caching", "--set", "alpha"], "NAME=VALUE"),
        (["caching", "--set", "event=flush", "--set", "event_at_s=30"], "up to 19 s"),
        (["caching", "--trials", "0"], "--trials"),
        (["caching", "--trials", "two"], "--trials: use a whole number from 1"),
        (["caching", "--seed", "-1"], "--seed: use a whole number from 0"),
        (["caching", "--seed", "x"], "--seed"),
    ],
)
def test_a_wrong_word_gets_one_line_that_says_what_is_allowed(arguments, said, lab):
    done = lab(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_server_that_is_missing_gets_one_line(lab):
    done = lab("caching", *SHORT, LAB_POSTGRES_DSN="host=127.0.0.1 port=1 dbname=x")
    assert done.returncode == 1
    assert "Cannot use the PostgreSQL at LAB_POSTGRES_DSN" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_list_names_each_lab_with_its_question(lab):
    done = lab("--list")
    assert done.returncode == 0
    assert "caching" in done.stdout
    assert "?" in done.stdout


def test_a_challenge_is_tried_in_a_shell_and_judged(lab):
    challenge = experiments()["sharding"].challenges["small-table"]
    won = [part for name, value in challenge.solution.items() for part in ("--set", f"{name}={value}")]
    done = lab("sharding", "--challenge", "small-table", *won)
    assert done.returncode == 0, done.stderr
    assert f"Won: {challenge.title}" in done.stdout
    assert challenge.idea in done.stdout
    lost = [part for name, value in challenge.naive.items() for part in ("--set", f"{name}={value}")]
    verdict = json.loads(lab("sharding", "--challenge", "small-table", *lost, "--json").stdout)["challenge"]
    assert (verdict["name"], verdict["won"], verdict["par"]) == ("small-table", False, challenge.par)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--challenge", "be-lucky"], "Known: small-table"),
        (["--challenge", "small-table", "--set", "keys=1000"], "The challenge fixes keys. Free: "),
    ],
)
def test_a_challenge_frees_only_what_it_names(arguments, said, lab):
    done = lab("sharding", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_list_names_challenges(lab):
    assert "--challenge small-table" in lab("--list").stdout
