"""Does the code keep its size? Small files, small functions, a docstring on whatever a pure package offers."""

import ast
import subprocess
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent
MAX_FILE, MEDIAN_FILE, MAX_FUNCTION, MAX_VIEW, MAX_TASK = 300, 80, 40, 15, 20
PURE = ["testbed", "simulator", "experiments", "designs", "content"]
UNWANTED_NAMES = {"utils.py", "helpers.py", "managers.py", "signals.py"}


def tracked(*patterns: str) -> list[Path]:
    """Return the files of the repository that match, without what is vendored or generated."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    return [ROOT / name for name in listed if name and "/vendor/" not in name and (ROOT / name).is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked("*.py") if "migrations" not in path.parts]


def functions(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


def test_no_file_is_longer_than_a_reader_holds():
    sources = python_files() + tracked("static/*.js", "static/*.css", "templates/*.html")
    long = {str(path.relative_to(ROOT)): n for path in sources if (n := len(path.read_text().splitlines())) > MAX_FILE}
    assert long == {}


def test_the_median_file_is_small():
    sizes = [len(path.read_text().splitlines()) for path in python_files() if path.stat().st_size]
    assert median(sizes) <= MEDIAN_FILE


def test_no_function_is_long():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length(node)} lines"
        for path in python_files()
        for node in functions(path)
        if length(node) > MAX_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize(("name", "most"), [("views.py", MAX_VIEW), ("tasks.py", MAX_TASK)])
def test_views_and_tasks_are_thin(name, most):
    # A view's body is counted; its decorators and docstring are not what makes it thick.
    thick = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in tracked(f"apps/**/{name}")
        for node in functions(path)
        if length(node) - (2 if ast.get_docstring(node) else 1) > most
    ]
    assert thick == []


def test_files_are_named_for_what_they_hold():
    assert [path for path in python_files() if path.name in UNWANTED_NAMES] == []


def test_every_module_says_which_question_it_answers():
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("apps/*.py", "config/*.py", "bench/*.py")
        if path.name not in {"apps.py", "urls.py", "__init__.py"}
        and "migrations" not in path.parts
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


@pytest.mark.parametrize("package", PURE)
def test_what_a_pure_package_offers_is_explained(package):
    unexplained = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in (ROOT / "apps" / package).rglob("*.py")
        for node in public_definitions(ast.parse(path.read_text()))
        if not ast.get_docstring(node)
    ]
    assert unexplained == []


def public_definitions(tree: ast.Module):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def test_decision_records_are_short():
    long = [path.name for path in tracked("docs/adr/*.md") if len(path.read_text().splitlines()) > 30]
    assert long == []


def test_pages_carry_no_inline_script_style_or_handler():
    import re

    wrong = re.compile(
        r"<script(?![^>]*(\bsrc=|application/json))|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked("templates/*.html")
        for match in wrong.finditer(path.read_text())
    ]
    assert found == []
