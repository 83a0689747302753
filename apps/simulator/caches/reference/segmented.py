"""What do the policies do that make a key prove itself? SLRU lifts it by hits; 2Q lets it in when it comes back."""

from __future__ import annotations

from collections import OrderedDict

SEGMENTS = 4


def slru_rooms(capacity: int) -> list[int]:
    """Return the room of each segment of SLRU, the lowest first: a quarter each, the lowest has what is left over."""
    upper = capacity // SEGMENTS
    return [capacity - (SEGMENTS - 1) * upper] + [upper] * (SEGMENTS - 1)


class SLRU:
    """LRU lists above each other (Karedla, Love, Wherry 1994, with four instead of two). A hit lifts a key by one; what
    a list cannot hold goes back to the one below, and the lowest evicts."""

    def __init__(self, capacity: int) -> None:
        self.capacity, self.rooms = capacity, slru_rooms(capacity)
        self.segments: list[OrderedDict[int, None]] = [OrderedDict() for _ in self.rooms]

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        for number, segment in enumerate(self.segments):
            if key in segment:
                del segment[key]
                self._lift(key, min(number + 1, SEGMENTS - 1))
                return True
        if sum(map(len, self.segments)) == self.capacity:
            next(segment for segment in self.segments if segment).popitem(last=False)
        with_room = (n for n, segment in enumerate(self.segments) if len(segment) < self.rooms[n])
        self.segments[next(with_room)][key] = None
        return False

    def _lift(self, key: int, number: int) -> None:
        self.segments[number][key] = None
        if len(self.segments[number]) > self.rooms[number]:
            lowered, _ = self.segments[number].popitem(last=False)
            self.segments[number - 1][lowered] = None


def two_q_rooms(capacity: int) -> tuple[int, int]:
    """Return the room of 2Q's line for new keys and of its ghosts: a quarter, and half of the capacity."""
    return capacity // 4, capacity // 2


class TwoQ:
    """New keys stand in a FIFO line; who leaves it leaves a ghost, and a key that comes back while its ghost is there
    enters an LRU list (Johnson, Shasha 1994)."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.new_room, self.ghost_room = two_q_rooms(capacity)
        self.new: OrderedDict[int, None] = OrderedDict()
        self.ghosts: OrderedDict[int, None] = OrderedDict()
        self.main: OrderedDict[int, None] = OrderedDict()

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        if key in self.new:
            return True
        if key in self.main:
            self.main.move_to_end(key)
            return True
        came_back = key in self.ghosts
        if came_back:
            del self.ghosts[key]
        if len(self.new) + len(self.main) == self.capacity:
            self._evict()
        (self.main if came_back else self.new)[key] = None
        return False

    def _evict(self) -> None:
        if len(self.new) <= self.new_room:
            self.main.popitem(last=False)
            return
        key, _ = self.new.popitem(last=False)
        if len(self.ghosts) == self.ghost_room and self.ghosts:
            self.ghosts.popitem(last=False)
        if self.ghost_room:
            self.ghosts[key] = None
