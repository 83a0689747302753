"""Where does a server keep its data? Where it is told to, or in root's home if its user cannot get there."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from apps.testbed.engines import ROOT_HOME, open_directory
from apps.testbed.errors import EngineError
from apps.testbed.users import ServiceUser, passable, private_directory


def settle(wanted: Path, user: ServiceUser | None) -> Path:
    """Return the directory to use for the data wanted at `wanted`, private to `user`.

    As root, `user` may be unable to walk to it (a checkout in a private home). Then the data lives under
    /var/lib/tradeoff, with a link at the wanted place. Raises EngineError if neither can be made.
    """
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        if passable(wanted.parent, user):
            return private_directory(wanted.resolve(), user)
        return _placed(wanted, user)
    except OSError as error:
        raise EngineError(f"Cannot use {wanted}: {error.strerror}.") from error


def _placed(wanted: Path, user: ServiceUser | None) -> Path:
    """Return the place under root's home that `wanted` links to, made and linked if need be."""
    mark = hashlib.sha256(os.fsencode(wanted.parent.absolute())).hexdigest()[:12]
    place = ROOT_HOME / mark / wanted.name
    if wanted.is_symlink():
        return private_directory(wanted.resolve(), user)
    if wanted.exists():
        raise EngineError(f"Servers may not enter {wanted.parent}: move {wanted} away, then start again.")
    open_directory(place.parent)
    if place.exists():  # its link was removed on purpose: a fresh start, but nothing is thrown away
        place.rename(place.with_name(f"{place.name}-{time.strftime('%Y%m%d-%H%M%S')}"))
    private_directory(place, user)
    wanted.symlink_to(place)
    return place
