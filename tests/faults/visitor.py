"""Who uses the site while its parts die? A browser without a screen: it keeps cookies and posts the lab's form."""

import http.cookiejar
import re
import urllib.parse
import urllib.request
from pathlib import Path

from tests.site import until

FINAL = {"done", "failed", "stopped", "lost"}


class Visitor:
    """A learner of a running site."""

    def __init__(self, site):
        self.site = site
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def start(self, **settings) -> str:
        """Start a run of the caching lab and return its address."""
        return self._post("runs", {"duration_s": "8", "objects": "1000", **settings})

    def study(self, lab="caching", **settings) -> str:
        """Start a study and return its address: two trials of two caches of 2 s each, changed by `settings`.

        In a simulated lab its own settings are all that is sent.
        """
        sweep = {"param": "cache_fraction", "values": "0.1 0.5", "trials": "2", "duration_s": "2", "objects": "1000"}
        return self._post("studies", {**sweep, **settings} if lab == "caching" else settings, lab)

    def _post(self, what, settings, lab="caching") -> str:
        page = self.opener.open(f"{self.site.url}/labs/{lab}/?new=1").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        key = re.search(r'name="idempotency_key" value="([\w-]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "idempotency_key": key, "bet": "skip", **settings}
        answer = self.opener.open(f"{self.site.url}/labs/{lab}/{what}/", urllib.parse.urlencode(form).encode())
        return urllib.parse.urlsplit(answer.url).path


def answer(site, path):
    """Return the JSON at `path`, or {} while the site cannot give it."""
    try:
        return site.json(path)
    except (OSError, ValueError):  # away, or a page that says so
        return {}


def wait_for_points(site, run, within_s=25):
    """Return once the run measures: two batches of points have come. Follows its events as a page does."""
    cursor, batches = "0-0", 0

    def measures():
        nonlocal cursor, batches
        read = answer(site, f"{run}points?after={cursor}")
        cursor = read.get("cursor", cursor)
        batches += sum(
            event["event"] == "points" and '"hit_ratio"' in event["data"] for event in read.get("events", [])
        )
        return batches >= 2

    until(measures, within_s=within_s, what="points arrive")


def wait_for_end(site, path, within_s=60.0):
    """Return the data of a run or a study once it has ended."""

    def ended():
        found = answer(site, f"{path}data.json")
        return found if found.get("state") in FINAL else None

    return until(ended, within_s=within_s, what=f"{path} ends")


def site_server(site, program):
    """Return the site's own server: a direct child of the supervisor, not one of a lab."""
    return min(pid for pid in site.pids(program) if parent(pid) == site.process.pid)


def parent(pid):
    """Return the id of a process's parent."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
