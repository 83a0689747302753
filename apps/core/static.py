"""How are static files named? By a hash of their content, in JavaScript imports too, so they may be cached for ever."""

import re

from whitenoise.storage import CompressedManifestStaticFilesStorage

HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names with compressed copies; module imports are rewritten, so pages need no import map."""

    support_js_module_import_aggregation = True
    manifest_strict = True


def is_hashed(path: str, url: str) -> bool:
    """Return whether the file's name holds the hash of its content."""
    return HASHED.search(url) is not None


def not_found(environ, start_response):
    """Answer 404 for a static file that does not exist (WSGI)."""
    start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
    return [b"There is no such file.\n"]
