"""A content directory for the tests: two tracks, one right lesson, and whatever a test writes into it."""

from pathlib import Path

from apps.content.library import check
from tests.content.lab import LABS
from tests.content.texts import GLOSSARY, WHOLE

TRACKS = (
    "- slug: blocks\n  title: Building blocks\n  summary: Parts.\n- slug: other\n  title: Other\n  summary: More.\n"
)
CACHING = "lessons/blocks/02-caching.md"
ALONE = WHOLE.replace("prerequisites: [load-balancing]\n", "").replace("lesson:blocks/load-balancing", "/learn/")
CDN = ALONE.replace("A cache is a bet", "A cache near you").replace("short: Caching", "short: CDN")
CDN = CDN.replace(GLOSSARY, "")  # a word is defined once


class ContentDirectory:
    """Files below a directory, written as text or as bytes."""

    def __init__(self, path: Path):
        self.path = path
        self.write("tracks.yaml", TRACKS)
        self.write(CACHING, ALONE)

    def write(self, name, text):
        """Write one file, its directories made."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def remove(self, name):
        """Remove one file."""
        (self.path / name).unlink()

    def said(self):
        """Return what the check says, with paths from this directory on."""
        return [str(problem).replace(f"{self.path}/", "") for problem in check(self.path, LABS)]

    def files(self):
        """Return the bytes of every file by name."""
        return {str(path.relative_to(self.path)): path.read_bytes() for path in self.path.rglob("*") if path.is_file()}
