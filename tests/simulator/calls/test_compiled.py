"""The compiled engine keeps what it has compiled for as long as its sources are the same, and its memory flat."""

from pathlib import Path

import numpy as np

from apps.simulator.calls.compiled import engine
from apps.simulator.calls.compiled.drive import Drive
from apps.simulator.calls.layout import Layout
from apps.simulator.calls.sources import Sources
from apps.simulator.calls.system import Call
from apps.simulator.calls.tallies import Span, empty_books
from apps.simulator.compiled import jit
from tests.simulator.calls.systems import one


def bytes_held(requests):
    """Return the bytes of all arrays after a run."""
    layout = Layout(one(0.8, call=Call("q", timeout_s=100.0)))
    books = empty_books(1, 1)
    drive = Drive(layout, Sources(layout, seed=1), Span.of_requests(requests, 0.1), books, 1.0, 100, 0.0)
    drive.run()
    return sum(array.nbytes for array in drive.world if isinstance(array, np.ndarray))


def test_memory_does_not_grow_with_the_number_of_requests():
    assert bytes_held(2_000) == bytes_held(400_000)


def test_what_is_kept_is_stamped_with_all_sources_of_a_loop(tmp_path):
    """The compiler itself looks at one file only, and would run a loop with the steps of yesterday."""
    package = tmp_path / "calls" / "compiled"
    package.mkdir(parents=True)
    stamps = set()
    for place in (package / "steps.py", package.parent / "constants.py"):
        for text in ("one = 1\n", "one = 2\n"):
            place.write_text(text)
            jit._stamp.cache_clear()
            stamps.add(jit._stamp(package))
    assert len(stamps) == 4
    assert engine.advance._cache._cache_file._source_stamp == jit._stamp(Path(engine.__file__).parent)
