"""Which HTML may an author's text become? A short list; everything else is removed after all rendering is done."""

from __future__ import annotations

import nh3
from pygments.token import STANDARD_TYPES

from apps.content.signs import FORBIDDEN

LANGUAGES = {
    "bash": "Shell",
    "console": "Shell session",
    "csharp": "C#",
    "css": "CSS",
    "diff": "Diff",
    "go": "Go",
    "graphql": "GraphQL",
    "html": "HTML",
    "http": "HTTP",
    "ini": "Settings",
    "java": "Java",
    "javascript": "JavaScript",
    "json": "JSON",
    "lua": "Lua",
    "nginx": "nginx",
    "protobuf": "Protocol Buffers",
    "python": "Python",
    "sql": "SQL",
    "text": "Text",
    "toml": "TOML",
    "typescript": "TypeScript",
    "xml": "XML",
    "yaml": "YAML",
}


def words(text: str) -> set[str]:
    """Return the words of a list that is written as one text."""
    return set(text.split())


_TAGS = words(
    "p br hr h2 h3 h4 ul ol li blockquote pre code span div em strong del ins sub sup kbd samp var abbr dfn q "
    "cite small a table thead tbody tr th td dl dt dd"
)
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}, "td": {"align"}, "th": {"align", "scope"}}
_CLASSES = {
    "div": {"highlight", *(f"language-{name}" for name in LANGUAGES)},
    "span": {"filename", *(name for name in STANDARD_TYPES.values() if name)},
}


ADDRESSES = ("https://", "http://", "mailto:", "#", "/")


def _checked(tag: str, name: str, value: str) -> str | None:
    """Return the value, or None for an address that leads neither abroad openly nor to a page of this site."""
    allowed = name != "href" or (value.startswith(ADDRESSES) and not value.startswith(("//", "/\\")))
    return value if allowed else None


_CLEANER = nh3.Cleaner(  # made once: it takes longer than cleaning a paragraph
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    attribute_filter=_checked,
    url_schemes={"http", "https", "mailto"},
    clean_content_tags={"script", "style"},
    link_rel=None,
    strip_comments=True,
)


def sanitise(html: str) -> str:
    """Return well-formed HTML without scripts, handlers, styles, ids, foreign classes and odd addresses."""
    return FORBIDDEN.sub("", _CLEANER.clean(html))  # a reference such as &#1; has become the sign it names
