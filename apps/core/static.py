"""How are static files named and sent? By a hash of their content, so they may be kept for ever; past Django."""

import asyncio
import re
from pathlib import Path

from django.core.files.base import ContentFile
from rjsmin import jsmin
from whitenoise import WhiteNoise
from whitenoise.storage import CompressedManifestStaticFilesStorage

HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
VENDORED = "vendor/"  # sent to the byte as it was fetched and checked
_BLANK = r"(?:\s|/\*(?!!)(?>.*?\*/))"
_TOKENS = re.compile(
    rf"""(?P<kept>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|/\*!.*?\*/)"""
    rf"""|{_BLANK}*(?:;{_BLANK}*)?(?P<end>}}){_BLANK}*|{_BLANK}*(?P<mark>[{{;,]){_BLANK}*|(?P<colon>:){_BLANK}+|{_BLANK}+""",
    re.DOTALL,
)


def strip_css(text: str) -> str:
    """Return the style sheet without comments and needless blanks; strings and comments of the form /*! stay.

    Not rcssmin: in an @layer it takes the selector `.code :is(b)` for a declaration and joins it to `.code:is(b)`.
    """
    return _TOKENS.sub(lambda token: token[token.lastgroup] if token.lastgroup else " ", text).strip()


def strip_script(text: str) -> str:
    """Return the script without comments and needless blanks; comments of the form /*! stay."""
    return jsmin(text, keep_bang_comments=True)


STRIP = {".css": strip_css, ".js": strip_script}


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names with compressed copies; module imports are rewritten, so pages need no import map.

    Comments and blanks of our own files stay here: what the finders hold is read stripped, then hashed. With DEBUG the
    files are sent from their source, as written.
    """

    support_js_module_import_aggregation = True
    manifest_strict = True
    max_post_process_passes = 10  # at least as many as modules import each other in a row

    def post_process(self, paths, *args, **kwargs):
        """Yield what Django's storage does, for files read through `Stripped`."""
        paths = {name: (Stripped(storage), path) for name, (storage, path) in paths.items()}
        yield from super().post_process(paths, *args, **kwargs)


class Stripped:
    """A storage read without comments and blanks in our own CSS and scripts; comments of the form /*! stay."""

    def __init__(self, storage) -> None:
        self.storage = storage

    def open(self, path):
        """Return the opened file, stripped where it is ours."""
        file = self.storage.open(path)
        if path.startswith(VENDORED) or not (strip := STRIP.get(Path(path).suffix)):
            return file
        with file:
            return ContentFile(strip(file.read().decode()).encode())


def is_hashed(path: str, url: str) -> bool:
    """Return whether the file's name holds the hash of its content."""
    return HASHED.search(url) is not None


class StaticApplication:
    """An ASGI application that sends the files WhiteNoise knows.

    Not through asgiref's WsgiToAsgi: its `send` runs inside `async_to_sync`, uvicorn resumes reading from in there, and
    the next request of the connection then starts in that call's context, whose thread is gone: it ends as a 500.
    """

    def __init__(self, **options) -> None:
        self.files = WhiteNoise(None, **options)

    async def __call__(self, scope: dict, receive: object, send) -> None:
        """Answer one request: the file in the best coding, 304, or 404."""
        status, headers, body = await asyncio.to_thread(self.answer, scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def answer(self, scope: dict) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Return status, headers and body for an ASGI scope."""
        path = scope["path"]
        file = self.files.find_file(path) if self.files.autorefresh else self.files.files.get(path)
        if file is None:
            return 404, [(b"content-type", b"text/plain; charset=utf-8")], b"There is no such file.\n"
        asked = {f"HTTP_{name.decode('latin1').upper().replace('-', '_')}": value.decode("latin1")
                 for name, value in scope["headers"]}  # fmt: skip
        response = file.get_response(scope["method"], asked)
        headers = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in response.headers]
        if response.file is None:
            return response.status, headers, b""
        with response.file as opened:
            return response.status, headers, opened.read()
