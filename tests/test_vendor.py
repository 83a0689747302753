"""Are the third-party files what vendor.toml says, and do the two halves of Plotly fit each other?"""

import re
import tomllib
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

from scripts.vendor import VendorError, vendored_files

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("file", list(vendored_files()), ids=lambda file: file.target.name)
def test_every_vendored_file_has_the_bytes_that_were_chosen(file):
    file.check()


def test_another_byte_is_noticed():
    file = next(vendored_files())
    with pytest.raises(VendorError, match=r"htmx\.org@4\.0\.1 dist/htmx\.min\.js: sha384 is "):
        file.check_bytes(file.target.read_bytes() + b" ")


def test_nothing_lies_there_unlisted():
    listed = {file.target for file in vendored_files()}
    there = {path for path in (ROOT / "static" / "vendor").rglob("*") if path.is_file()}
    assert there <= listed


def test_the_page_draws_with_the_plotly_that_the_server_plans_with():
    banner = (ROOT / "static/vendor/plotly-cartesian.min.js").read_text()[:200]
    assert re.search(r"plotly\.js \(cartesian - minified\) v([\d.]+)", banner)[1] == get_plotlyjs_version()


def test_the_rules_of_plotly_are_of_the_same_version():
    packages = {
        package["name"]: package["version"] for package in tomllib.loads((ROOT / "vendor.toml").read_text())["package"]
    }
    assert packages["plotly.js"] == packages["plotly.js-cartesian-dist-min"]
