"""How do tests see the site? In the system's Chromium, on the site that `manage.py up` starts; nothing may leave it."""

import re
import shutil
from pathlib import Path

import pytest

from tests.site import running_site

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)


def pytest_collection_modifyitems(items):
    """Mark the browser's tests: they have a pass of their own."""
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site():
    with running_site() as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args():
    assert CHROMIUM, "No Chromium found. Install it: apt-get install chromium, or your system's package."
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet]}


@pytest.fixture
def browser_context_args(site):
    return {"base_url": site.url, "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(autouse=True)
def nothing_amiss(context, site):
    """Hold every page to this: no console error, no policy report, no server error, no request to elsewhere."""
    amiss = []
    context.on("console", lambda message: amiss.append(message.text) if is_complaint(message) else None)
    context.on("weberror", lambda error: amiss.append(str(error.error)))
    context.on("request", lambda request: amiss.append(request.url) if is_foreign(request.url, site.url) else None)
    context.on(
        "response",
        lambda response: amiss.append(f"{response.status} {response.url}") if response.status >= 500 else None,
    )
    yield amiss
    assert amiss == []


def is_complaint(message) -> bool:
    """Return whether a console message tells of a fault. A refused form (422, 429) or an unknown page is none."""
    return message.type == "error" and not re.search(r"status of (404|422|429)", message.text)


def is_foreign(url: str, home: str) -> bool:
    """Return whether the address is not the site's own; what the page holds itself is no request."""
    return not url.startswith((home, "data:", "blob:")) or url.endswith("/csp-report")


@pytest.fixture
def axe(page):
    """A function that returns what axe finds wrong with the page as it stands."""

    def check():
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [f"{item['id']}: {item['help']} {[node['target'] for node in item['nodes']][:3]}" for item in found]

    return check
