"""Where do the pages live that a lesson's text points to? The same addresses as the site's; a test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode


def lesson(name: str) -> str:
    """Return the address of the lesson `track/slug`."""
    return f"/learn/{name}/"


def quiz(name: str) -> str:
    """Return the address of the quiz of the lesson `track/slug`."""
    return f"/learn/{name}/quiz/"


def lab(slug: str, values: Mapping[str, object] | None = None) -> str:
    """Return the address of a lab, with a preset or settings in its query."""
    return f"/labs/{slug}/" + (f"?{urlencode(values)}" if values else "")


def term(slug: str) -> str:
    """Return the address of a term in the glossary."""
    return f"/glossary/#{slug}"
