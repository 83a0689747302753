"""What does a piece of YAML say, and on which line does it say so?

Every scalar is read as text and given its type by a schema, so `no`, `1:30` and `0.10` mean what the author sees.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from apps.content.signs import FORBIDDEN

Path = tuple[str | int, ...]
DEEPEST = 12
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml: ten times as fast; it also takes a "?" within { }


class YamlError(ValueError):
    """The YAML cannot be read; `line` is the line in the file."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Located:
    """Texts, lists and dicts, and the line in the file at which each of them begins."""

    data: object
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Return the line of what stands at `path`, or of the nearest thing round it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, first_line: int) -> Located:
    """Return what `text` says. Raises YamlError, never anything else, with the line counted from `first_line`."""
    try:
        node = _compose(text, first_line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise YamlError(line, f"this is not valid YAML: {error.problem or error.context}{_hint(error)}") from None
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, YamlError):
            raise
        raise YamlError(first_line, "this is not valid YAML: there is a character that may not stand in it") from None
    lines: dict[Path, int] = {(): first_line}
    return Located({} if node is None else _read(node, (), lines, first_line), lines)


def _hint(error: yaml.MarkedYAMLError) -> str:
    problem = f"{error.problem} {error.context}"
    if "mapping values are not allowed" in problem:
        return "; a text that holds a colon is put in quotes"
    if "cannot start any token" in problem or "expected <block end>" in problem:
        return "; a text that starts with a special character is put in quotes, and lists keep one indentation"
    return ""


def _compose(text: str, first_line: int) -> yaml.Node | None:
    try:
        _refuse_tricks(text, first_line, _FAST)
        return yaml.compose(text, Loader=_FAST)
    except (yaml.YAMLError, ValueError):  # once more, for the words in which it is told
        _refuse_tricks(text, first_line, yaml.SafeLoader)
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _refuse_tricks(text: str, first_line: int, loader: type) -> None:
    """Refuse what lessons never need and what could be used to exhaust memory or the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        line = first_line + event.start_mark.line
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError(
                line, "anchors and aliases (& and *) are not used here; put a text that starts so in quotes"
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise YamlError(line, f"this is nested more than {DEEPEST} levels deep")


def _read(node: yaml.Node, path: Path, lines: dict[Path, int], first_line: int) -> object:
    lines.setdefault(path, first_line + node.start_mark.line)
    if isinstance(node, yaml.SequenceNode):
        return [_read(item, (*path, number), lines, first_line) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _read_mapping(node, path, lines, first_line)
    return _said(node.value, first_line + node.start_mark.line)


def _read_mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int], first_line: int) -> object:
    result: dict[str, object] = {}
    for key, value in node.value:
        line = first_line + key.start_mark.line
        if not isinstance(key, yaml.ScalarNode):
            raise YamlError(line, "a key is one word, not a list or a mapping")
        name = _said(key.value, line)
        if name in result:
            raise YamlError(line, f'"{name}" stands here twice')
        lines[(*path, name)] = line
        result[name] = _read(value, (*path, name), lines, first_line)
    return result


def _said(text: str, line: int) -> str:
    """Return what a scalar says. Raises YamlError for a sign that an escape such as "\\0" brought in."""
    if match := FORBIDDEN.search(text):
        raise YamlError(line, f"there is an invisible control character (U+{ord(match[0]):04X}); take it away")
    return text
