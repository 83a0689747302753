"""How do documents get into the index? Page by page: what has the stamp it had is left alone, what is gone leaves."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.db import connection, transaction

from apps.search.models import Document, Kind
from apps.search.words import placed_words, typed_words

VERSION = "2"  # raise it when the same document should be found by other words
ARTICLES = {"a", "an", "the"}
LOCK = 7_231_403  # one update at a time
MOST_PLACES = 8  # of a word in a vector: more hardly change its rank, and every search would have to read them
LAST_PLACE = 16_000  # PostgreSQL counts up to 16,383

# How much a document of each kind counts beside the others, all else equal.
WEIGHTS = {
    Kind.LESSON: 1.0, Kind.PROBLEM: 0.95, Kind.LAB: 0.9, Kind.TERM: 0.85, Kind.CONCEPT: 0.75, Kind.TRACK: 0.75,
    Kind.SECTION: 0.7, Kind.QUESTION: 0.55,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A document as it is handed in. Words count most in title and names, less in summary and context, least in text.

    `names` are what else it may be called in full. Excerpts are cut from the summary if there is one, else from text.
    """

    kind: Kind
    url: str
    title: str
    context: str = ""  # the way to it, in words
    summary: str = ""
    text: str = ""
    names: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()  # what it is about; counts like the summary and is not shown


@dataclass(frozen=True, slots=True)
class Page:
    """The documents of one page, made only if `stamp` is new."""

    url: str
    stamp: str
    documents: Callable[[], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Changes:
    """How many pages an update wrote, left alone and took away."""

    written: int
    unchanged: int
    removed: int


@transaction.atomic
def update(pages: Iterable[Page]) -> Changes:
    """Make the index hold exactly these pages and return what was done. Doing it twice changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    known = dict(Document.objects.values_list("page", "stamp"))
    wanted = {page.url: page for page in pages}
    new = {url: page for url, page in wanted.items() if known.get(url) != stamp_of(page)}
    gone = known.keys() - wanted.keys()
    if new or gone:
        Document.objects.filter(page__in=[*new, *gone]).delete()
        _write(new)
        _tidy()
    return Changes(len(new), len(wanted) - len(new), len(gone))


def stamp_of(page: Page) -> str:
    """Return the stamp under which a page is stored."""
    return sha256(f"{VERSION} {page.stamp}".encode()).hexdigest()[:20]


def _write(pages: Mapping[str, Page]) -> None:
    made = {url: list(page.documents()) for url, page in pages.items()}
    stems = stems_of({word for found in made.values() for one in found for word in _words(one)})
    rows = [
        Document(
            page=url, stamp=stamp_of(pages[url]), url=one.url, kind=one.kind, title=one.title[:240],
            context=one.context[:240], text=one.summary or one.text, weight=WEIGHTS[one.kind],
            vector=vector(one, stems),
            names="\n".join(sorted({name_key(typed_words(name), stems) for name in (one.title, *one.names)})),
        )
        for url, found in made.items() for one in found
    ]  # fmt: skip
    Document.objects.bulk_create(rows, batch_size=500)


def _tidy() -> None:
    """Let the next search find the index in order: without this it reads every row until the autovacuum has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_document_vector')")
        cursor.execute("ANALYZE search_document")


def fields(one: Found) -> list[tuple[str, str]]:
    """Return the texts of a document with the letter of how much they count: A most, D least."""
    heading = "B" if one.kind in {Kind.SECTION, Kind.QUESTION} else "A"
    about = " . ".join((one.summary, *one.topics, one.context))
    return [(heading, " . ".join((one.title, *one.names))), ("C", about), ("D", one.text)]


def _words(one: Found) -> Iterable[str]:
    return (word for _, text in fields(one) for _, word, _ in placed_words(text))


def vector(one: Found, stems: Mapping[str, str]) -> str:
    """Return a document as a tsvector: each word as it stands and, after a "~", its stem.

    Stop words have no stem. The whole of a compound stands for itself only.
    """
    places: dict[str, dict[int, str]] = defaultdict(dict)
    start = 1
    for letter, text in fields(one):
        place = -1
        for place, word, is_whole in placed_words(text):
            at = min(start + place, LAST_PLACE)
            for lexeme in (word, f"~{stems[word]}" if stems[word] and not is_whole else ""):
                if lexeme and len(places[lexeme]) < MOST_PLACES:
                    places[lexeme].setdefault(at, letter)
        start += place + 10  # the end of a field and the beginning of the next are no neighbours
    return " ".join(
        f"'{lexeme}':{','.join(f'{at}{letter}' for at, letter in at_places.items())}"
        for lexeme, at_places in places.items() if at_places
    )  # fmt: skip


def stems_of(words: Iterable[str]) -> dict[str, str]:
    """Return the English stem of each word, "" of a stop word."""
    with connection.cursor() as cursor:
        sql = "SELECT word, coalesce((ts_lexize('english_stem', word))[1], '') FROM unnest(%s::text[]) AS word"
        cursor.execute(sql, [sorted(set(words))])
        return dict(cursor.fetchall())


def name_key(words: Iterable[str], stems: Mapping[str, str]) -> str:
    """Return a name so that “Load balancers” and “the load balancer” are the same."""
    return " ".join(stems[word] or word for word in words if word not in ARTICLES)
