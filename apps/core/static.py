"""How are static files named and sent? By a hash of their content, so they may be kept for ever; past Django."""

import asyncio
import re

from whitenoise import WhiteNoise
from whitenoise.storage import CompressedManifestStaticFilesStorage

HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names with compressed copies; module imports are rewritten, so pages need no import map."""

    support_js_module_import_aggregation = True
    manifest_strict = True


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
