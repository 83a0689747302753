"""How does the palette list what was found? By kind, the kind of the best hit first, few of each."""

from apps.search.finding import Answer
from apps.search.models import Kind
from apps.search.ranking import Hit

MOST_PAGES, MOST_OF_A_KIND = 12, 5


def by_kind(answer: Answer) -> list[tuple[str, list[Hit]]]:
    """Return the label of each kind with its best hits."""
    kinds: dict[str, list[Hit]] = {}
    for hit in sorted((hit for group in answer.groups for hit in group.hits), key=lambda hit: -hit.score):
        kinds.setdefault(hit.kind, []).append(hit)
    return [(Kind(kind).label, hits[:MOST_OF_A_KIND]) for kind, hits in kinds.items()]
