"""How does the palette list what was found? By kind, the kind of the best hit first, few of each."""

from apps.search.finding import Answer
from apps.search.models import Kind
from apps.search.ranking import Hit

MOST_PAGES, MOST_OF_A_KIND = 12, 5
LEAST_SHARE = 0.08  # of the best score; what is below is one word in a long text, and waits on the page of search


def by_kind(answer: Answer) -> list[tuple[str, list[Hit]]]:
    """Return the label of each kind with its best hits."""
    kinds: dict[str, list[Hit]] = {}
    hits = sorted((hit for group in answer.groups for hit in group.hits), key=lambda hit: -hit.score)
    for hit in hits:
        if hit.score >= LEAST_SHARE * hits[0].score:
            kinds.setdefault(hit.kind, []).append(hit)
    return [(Kind(kind).label, hits[:MOST_OF_A_KIND]) for kind, hits in kinds.items()]
