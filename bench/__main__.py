"""Run the benchmarks, all or those named: `python -m bench pages streams`."""

import os
import sys
from importlib import import_module
from pathlib import Path

from bench import report
from bench.site import CAN_PIN, ROOT

BENCHMARKS = ["pages", "search", "streams", "generators", "servers", "simulator", "caches", "hashing"]

if __name__ == "__main__":
    if CAN_PIN:
        os.sched_setaffinity(0, {1})
    else:
        print("Server and load share their cores here: rates are comparable with each other only.")
    for name in sys.argv[1:] or BENCHMARKS:
        rows = import_module(f"bench.{name}").run()
        report.write(rows, Path(os.environ.get("DATA_DIR") or ROOT / ".data"))
