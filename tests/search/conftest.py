"""What is in the index of these tests? What the test puts there; each begins with an empty one."""

import pytest

from apps.search.index import Found, Page, update
from apps.search.models import Kind
from apps.search.vocabulary import keeper


@pytest.fixture
def index(db):
    """A function that makes the index hold these pages, each given as its documents, the first being the page."""

    def hold(*pages, stamp=""):
        changes = update([Page(found[0].url, stamp or repr(found), lambda found=found: found) for found in pages])
        keeper.held = None
        return changes

    yield hold
    keeper.held = None


@pytest.fixture
def small(index):
    """Two lessons, one of them with sections, a lab and a word."""
    index(CACHING, CDN, LAB, WORD)


CACHING = [
    Found(
        Kind.LESSON, "/learn/blocks/caching/", "A cache is a bet", "Building blocks", "What a small copy saves.",
        "Overview. A copy. The stampede. Every reader misses at once. Retry-After: 5 and N+1 and p99.9.", ("Caching",),
    ),
    Found(Kind.SECTION, "/learn/blocks/caching/#overview", "Overview", "Building blocks / Caching", text="A copy."),
    Found(
        Kind.SECTION, "/learn/blocks/caching/#the-stampede", "The stampede", "Building blocks / Caching",
        text="Every reader misses at once. Retry-After: 5 and N+1 and p99.9.",
    ),
]  # fmt: skip
CDN = [
    Found(
        Kind.LESSON, "/learn/blocks/cdn/", "Every edge learns for itself", "Building blocks", "What edges take off.",
        "A CDN keeps a cache near the reader. After a purge it has to retry.", ("CDN",),
    ),
]  # fmt: skip
LAB = [
    Found(Kind.LAB, "/labs/caching/", "What a cache saves", "", "How far does a small cache go?", names=("caching",))
]
WORD = [Found(Kind.TERM, "/glossary/#hit-ratio", "Hit ratio", "", "The share of reads that the cache answers.")]
