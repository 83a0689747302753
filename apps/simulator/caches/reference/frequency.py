"""What do the policies that count do? LFU counts what it holds; W-TinyLFU roughly counts everything."""

from __future__ import annotations

from collections import OrderedDict, defaultdict

ROWS, COUNTERS = 4, 8  # of one block of a sketch: a key has one counter in each row of its block
BLOCK = ROWS * COUNTERS
MOST = 15  # a counter has four bits
SAMPLE = 16  # times the capacity: so many requests are counted, then all counters are halved


class LFU:
    """Evicts what was asked for least since it came; among equals, what has stood at that count the longest.

    It forgets the count of what it evicts. (The other LFU of textbooks remembers; it is "perfect" for steady traffic.)
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.count: dict[int, int] = {}
        self.lines: defaultdict[int, OrderedDict[int, None]] = defaultdict(OrderedDict)  # by count

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        hit = key in self.count
        if hit:
            del self.lines[self.count[key]][key]
        elif len(self.count) == self.capacity:
            self._evict()
        self.count[key] = self.count.get(key, 0) + 1
        self.lines[self.count[key]][key] = None
        return hit

    def _evict(self) -> None:
        least = min(count for count, line in self.lines.items() if line)
        key, _ = self.lines[least].popitem(last=False)
        del self.count[key]


class Sketch:
    """Counts of everything in little room: a key has four small counters, and shares them; the least is the estimate.

    All four lie in one block, which is read from memory at once.
    """

    def __init__(self, capacity: int) -> None:
        self.shift = 32 - block_bits(capacity)
        self.counters = [0] * (BLOCK << block_bits(capacity))
        self.sample, self.added = SAMPLE * capacity, 0

    def add(self, key: int) -> None:
        """Count one request. After every sample all counts are halved, so that old fame fades."""
        for row in range(ROWS):
            at = counter(key, row, self.shift)
            self.counters[at] = min(self.counters[at] + 1, MOST)
        self.added += 1
        if self.added == self.sample:
            self.added = 0
            self.counters = [count >> 1 for count in self.counters]

    def estimate(self, key: int) -> int:
        """Return about how often the key was asked for lately."""
        return min(self.counters[counter(key, row, self.shift)] for row in range(ROWS))


def counter(key: int, row: int, shift: int) -> int:
    """Return the place of a key's counter in a row: its block, then one of eight. Multipliers: xxHash's primes."""
    block = (((key + 1) * 0x9E3779B1) & 0xFFFFFFFF) >> shift
    spread = ((key + 1) * 0x85EBCA77) & 0xFFFFFFFF
    return block * BLOCK + row * COUNTERS + ((spread >> (20 + 3 * row)) & (COUNTERS - 1))


def block_bits(capacity: int) -> int:
    """Return how many bits name a block: at least one block for each key of the cache."""
    return max(4, (capacity - 1).bit_length())


def shares(capacity: int) -> tuple[int, int]:
    """Return the room of the window and of the protected segment, as Caffeine begins: 1 %, and 80 % of the rest."""
    window = max(1, capacity // 100)
    return window, (capacity - window) * 8 // 10


class WTinyLFU:
    """A small LRU window before a segmented LRU. Who leaves the window gets in only if asked for more than the one
    that would have to go (Einziger, Friedman, Manes 2017).

    Libraries differ in how they count: Caffeine halves after 10 times the capacity, libCacheSim after 32 times the hits
    of the main part. Between the two (16) the hit ratio is libCacheSim's within 0.005.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.window_room, self.protected_room = shares(capacity)
        self.window: OrderedDict[int, None] = OrderedDict()
        self.probation: OrderedDict[int, None] = OrderedDict()
        self.protected: OrderedDict[int, None] = OrderedDict()
        self.sketch = Sketch(capacity)

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        self.sketch.add(key)
        for line in (self.window, self.protected):
            if key in line:
                line.move_to_end(key)
                return True
        if key in self.probation:
            self._promote(key)
            return True
        self.window[key] = None
        if len(self.window) > self.window_room:
            self._leave_window()
        return False

    def _promote(self, key: int) -> None:
        del self.probation[key]
        self.protected[key] = None
        if len(self.protected) > self.protected_room:
            self.probation[self.protected.popitem(last=False)[0]] = None

    def _leave_window(self) -> None:
        candidate, _ = self.window.popitem(last=False)
        if len(self.probation) + len(self.protected) < self.capacity - self.window_room:
            self.probation[candidate] = None
        elif line := self.probation or self.protected:
            victim = next(iter(line))
            if self.sketch.estimate(candidate) > self.sketch.estimate(victim):
                del line[victim]
                self.probation[candidate] = None
