"""Who may import whom? The table below; data goes one way, siblings do not meet, pure packages know no Django."""

import ast
from pathlib import Path

import pytest

APPS = Path(__file__).parent.parent / "apps"
PURE = {"testbed", "simulator", "experiments", "designs", "content"}
MAY_IMPORT = {
    "testbed": set(),
    "simulator": set(),
    "designs": {"simulator"},
    "experiments": {"simulator", "testbed"},
    "content": {"designs"},
    "core": {"testbed"},
    "accounts": {"core"},
    "progress": {"accounts", "core"},
    "lessons": {"content", "progress", "accounts", "core"},
    "labs": {"experiments", "progress", "accounts", "core"},
    "search": {"core"},
    "pages": {"content", "experiments", "lessons", "labs", "search", "progress", "accounts", "core"},
}
FRAMEWORKS = {"django", "celery", "kombu", "structlog"}


def imported_modules(path: Path) -> set[str]:
    """Return the dotted names that a file imports, wherever in the file it does."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a name comes from"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def files_of(app: str) -> list[Path]:
    return sorted((APPS / app).rglob("*.py"))


def test_every_app_stands_in_the_table():
    assert {path.parent.name for path in APPS.glob("*/__init__.py")} == set(MAY_IMPORT)


@pytest.mark.parametrize("app", sorted(MAY_IMPORT))
def test_an_app_imports_only_what_lies_below_it(app):
    allowed = MAY_IMPORT[app] | {app}
    wrong = [
        f"{path.relative_to(APPS)} imports {name}"
        for path in files_of(app)
        for name in sorted(imported_modules(path))
        if name.startswith("apps.") and name.split(".")[1] not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("app", sorted(PURE))
def test_a_pure_package_knows_no_framework_and_no_settings(app):
    wrong = [
        f"{path.relative_to(APPS)} imports {name}"
        for path in files_of(app)
        for name in sorted(imported_modules(path))
        if name.split(".")[0] in FRAMEWORKS | {"config"}
    ]
    assert wrong == []


def test_nobody_reads_the_environment_but_settings_and_the_processes_themselves():
    may = {"testbed", "core"}
    readers = [
        str(path.relative_to(APPS))
        for app in MAY_IMPORT
        if app not in may
        for path in files_of(app)
        if "os.environ" in path.read_text()
    ]
    assert readers == []
