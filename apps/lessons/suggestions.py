"""Which lessons may somebody have meant by an address that leads nowhere?"""

from difflib import get_close_matches

from apps.lessons.shelf import Entry, Shelf

MOST = 3


def suggest(shelf: Shelf, track: str, slug: str) -> list[Entry]:
    """Return the nearest lessons, best first: the same slug elsewhere, then alike slugs."""
    entries = list(shelf.entries.values())
    same = [entry for entry in entries if entry.slug == slug]
    near = get_close_matches(slug or track, [entry.slug for entry in entries], n=MOST, cutoff=0.55)
    alike = [entry for name in near for entry in entries if entry.slug == name]
    return list(dict.fromkeys(same + alike))[:MOST]
