"""What do the policies that remember what they evicted do? S3-FIFO and ARC keep its key for a while: a ghost."""

from __future__ import annotations

from collections import OrderedDict

Line = OrderedDict[int, None]  # the oldest first


def oldest(line: Line) -> int:
    """Take the oldest key off a line and return it."""
    return line.popitem(last=False)[0]


def s3_fifo_rooms(capacity: int) -> tuple[int, int]:
    """Return the room of the small line and of the ghosts of S3-FIFO: a tenth, and nine tenths of the capacity."""
    return max(1, capacity // 10), max(1, capacity * 9 // 10)


class S3FIFO:
    """Three FIFO lines (SOSP '23): new keys pass a small one; who was asked for twice there moves to the main one, the
    others leave a ghost. A key that comes back while its ghost is there enters the main line at once.

    While the cache fills for the first time, what the small line cannot hold goes to the main one.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.small_room, self.ghost_room = s3_fifo_rooms(capacity)
        self.small: OrderedDict[int, int] = OrderedDict()  # key -> how often it was asked for since, up to 3
        self.main: OrderedDict[int, int] = OrderedDict()
        self.ghosts: Line = OrderedDict()
        self.filled = False

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        for line in (self.small, self.main):
            if key in line:
                line[key] = min(line[key] + 1, 3)
                return True
        came_back = key in self.ghosts
        if came_back:
            del self.ghosts[key]
        while len(self.small) + len(self.main) == self.capacity:
            self.filled = True
            self._evict()
        overflow = not self.filled and len(self.small) >= self.small_room
        (self.main if came_back or overflow else self.small)[key] = 0
        return False

    def _evict(self) -> None:
        """Make room, or at least move keys from the small line to the main one."""
        if len(self.main) > self.capacity - self.small_room or not self.small:
            self._evict_main()
        else:
            self._evict_small()

    def _evict_small(self) -> None:
        while self.small:
            key, asked = self.small.popitem(last=False)
            if asked < 2:
                if len(self.ghosts) == self.ghost_room:
                    oldest(self.ghosts)
                self.ghosts[key] = None
                return
            self.main[key] = 0

    def _evict_main(self) -> None:
        while True:
            key, asked = self.main.popitem(last=False)
            if asked == 0:
                return
            self.main[key] = asked - 1


class ARC:
    """Two LRU lists, of keys seen once and seen again, each with a list of ghosts (Megiddo, Modha 2003).

    A hit on a ghost says which of the two should have been longer, and `wanted`, the length aimed at for the first,
    moves that way.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity, self.wanted = capacity, 0.0
        self.once: Line = OrderedDict()
        self.again: Line = OrderedDict()
        self.once_ghosts: Line = OrderedDict()
        self.again_ghosts: Line = OrderedDict()

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        for line in (self.once, self.again):
            if key in line:
                del line[key]
                self.again[key] = None
                return True
        if key in self.once_ghosts:
            step = max(1.0, len(self.again_ghosts) / len(self.once_ghosts))
            self.wanted = min(self.wanted + step, float(self.capacity))
            self._come_back(key, self.once_ghosts)
        elif key in self.again_ghosts:
            step = max(1.0, len(self.once_ghosts) / len(self.again_ghosts))
            self.wanted = max(self.wanted - step, 0.0)
            self._come_back(key, self.again_ghosts)
        else:
            self._make_room()
            self.once[key] = None
        return False

    def _come_back(self, key: int, ghosts: Line) -> None:
        self._replace(came_back_again=ghosts is self.again_ghosts)
        del ghosts[key]
        self.again[key] = None

    def _make_room(self) -> None:
        """Make room for a key that is new: at most `capacity` in the first list with its ghosts, twice that in all."""
        seen_once = len(self.once) + len(self.once_ghosts)
        everything = seen_once + len(self.again) + len(self.again_ghosts)
        if seen_once == self.capacity and not self.once_ghosts:
            oldest(self.once)
            return
        if seen_once == self.capacity:
            oldest(self.once_ghosts)
        elif everything == 2 * self.capacity:
            oldest(self.again_ghosts)
        if everything >= self.capacity:
            self._replace(came_back_again=False)

    def _replace(self, came_back_again: bool) -> None:
        """Evict from one of the two lists, and keep the ghost. With room left nothing has to go."""
        if len(self.once) + len(self.again) < self.capacity:
            return
        first = len(self.once)
        if first > self.wanted or (first and first == self.wanted and came_back_again) or not self.again:
            self.once_ghosts[oldest(self.once)] = None
        else:
            self.again_ghosts[oldest(self.again)] = None
