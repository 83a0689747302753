"""How are the elements tried without the site? On pages of the real base template, from a server that plays one run."""

import shutil

import pytest

from tests.elements.stage import Stage, serve

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)


def pytest_collection_modifyitems(items):
    """These drive a browser; each has a server of its own, so they may run side by side."""
    for item in items:
        if "tests/elements" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    assert CHROMIUM, "No Chromium found. Install it: apt-get install chromium, or your system's package."
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet]}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"viewport": {"width": 1200, "height": 900}}


@pytest.fixture
def stage():
    """The server behind the page, and what it plays."""
    played = Stage()
    with serve(played):
        yield played


@pytest.fixture
def refused(page):
    """What the content security policy refused on this page; each test ends with nothing in it."""
    found = []
    page.on(
        "console", lambda message: found.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield found
    assert found == []


@pytest.fixture
def show(page, stage, refused):
    """A function that opens a page of the base template with `body` in it."""

    def open_page(body):
        stage.body = body
        page.goto(f"{stage.url}/")
        return page

    return open_page
