"""Which server does a read go to? Pure rules, given what is known of each standby."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PRIMARY = 0  # standbys are numbered from 1


def any_replica(standbys: Sequence[int], dice: float) -> int:
    """Return a standby drawn by `dice` (0 to 1); the primary if there is none."""
    return standbys[int(dice * len(standbys))] if standbys else PRIMARY


def fresh_enough(standbys: Sequence[int], lags_s: Mapping[int, float], most_s: float) -> list[int]:
    """Return the standbys whose measured lag is at most `most_s`; one without a measurement is not trusted."""
    return [standby for standby in standbys if standby in lags_s and lags_s[standby] <= most_s]


def in_turn(standbys: Sequence[int], dice: float) -> list[int]:
    """Return all standbys, beginning at one drawn by `dice`."""
    first = int(dice * len(standbys))
    return [*standbys[first:], *standbys[:first]]


def caught_up(standbys: Sequence[int], positions: Mapping[int, int], token: int) -> int | None:
    """Return the first standby known to have replayed the log up to `token`, or None.

    A position only grows, so that one heard a while ago is a safe lower bound.
    """
    return next((standby for standby in standbys if positions.get(standby, -1) >= token), None)
