"""Which known word did somebody mean? The one that is nearest by slips of a finger, or two that were run together."""

from collections.abc import Iterable, Mapping

SHORTEST = 3  # two letters are near to anything


def slips_allowed(word: str) -> int:
    """Return how many slips a word of this length may hold."""
    return 1 if len(word) <= 5 else 2


def distance(one: str, other: str, most: int) -> int:
    """Return the slips between two words: a letter more, less or wrong, or two swapped. Beyond `most`: most + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last = [], list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, against in enumerate(other, start=1):
            slips = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                slips = min(slips, before[column - 2] + 1)
            current.append(slips)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return min(last[-1], most + 1)


def mask(word: str) -> int:
    """Return which letters a word has as a set of bits. A slip changes at most two of them."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 64)
    return bits


class Speller:
    """The known words, arranged so that a look through some ten thousand takes about a millisecond."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts
        self.by_length: dict[int, list[tuple[str, int]]] = {}
        for word in counts:
            if len(word) >= SHORTEST and word.isalpha():
                self.by_length.setdefault(len(word), []).append((word, mask(word)))

    def nearest(self, word: str, most: int = 1) -> list[str]:
        """Return the known words that may be meant, best first: fewest slips, same first letter, most used."""
        if len(word) < SHORTEST or not word.isalpha():
            return []
        found = []
        for candidate in self._alike(word, slips_allowed(word)):
            slips = distance(word, candidate, slips_allowed(word))
            if slips <= slips_allowed(word):
                found.append((slips, candidate[0] != word[0], -self.counts[candidate], candidate))
        return [candidate for *_, candidate in sorted(found)[:most]]

    def parted(self, word: str) -> tuple[str, str] | None:
        """Return two known words that make this one, the pair whose rarer word is used most; None if there is none."""
        ends = range(SHORTEST, len(word) - SHORTEST + 1)
        pairs = [(word[:end], word[end:]) for end in ends if word[:end] in self.counts and word[end:] in self.counts]
        return max(pairs, key=lambda pair: min(map(self.counts.__getitem__, pair)), default=None)

    def _alike(self, word: str, slips: int) -> Iterable[str]:
        bits, most = mask(word), 2 * slips
        for length in range(len(word) - slips, len(word) + slips + 1):
            for candidate, others in self.by_length.get(length, ()):
                if (bits ^ others).bit_count() <= most:
                    yield candidate
