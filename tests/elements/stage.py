"""What does the server of an element test play? Static files, one page, and one run whose events the test writes."""

import json
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.template import engines

STATIC = Path(__file__).parents[2] / "static"
PAGE = """{% extends "base.html" %}
{% block assets %}{% include "components/_lab_assets.html" %}{% endblock %}
{% block main %}<div class="page">BODY</div>{% endblock %}"""


@dataclass
class Stage:
    """The state of the play. `events` grow while a test runs; a cursor is the number of events seen."""

    url: str = ""
    body: str = ""
    answer: str = "<p>Answered</p>"  # what /panel and every POST send
    events: list[tuple[str, dict]] = field(default_factory=list)
    refuse_streams: int = 0  # so many streams are answered 503
    cut_after: int | None = None  # a stream ends after so many events
    silent: bool = False  # streams open and send nothing
    posted: list[str] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)  # the cursor each stream began at
    polls: list[int] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    over: bool = False

    def tell(self, name: str, **data) -> None:
        """Add one event of the run."""
        with self.changed:
            self.events.append((name, data))
            self.changed.notify_all()

    def points(self, *values: float, attempt: int = 1) -> None:
        """Add a batch of points of the series "hits", one each second of the run."""
        seen = sum(len(data["points"]["hits"]) for name, data in self.events if name == "points")
        batch = [[seen + number, value] for number, value in enumerate(values)]
        self.tell("points", attempt=attempt, points={"hits": batch}, progress=0.5, note="Reading")

    def end(self) -> None:
        """Close what is open."""
        with self.changed:
            self.over = True
            self.changed.notify_all()


def policy() -> str:
    """Return the site's content security policy as its header says it."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items() if name != "report-uri")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stage: Stage

    def log_message(self, *args):
        """Say nothing."""

    def send(self, body: bytes, kind: str = "text/html", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", policy())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):  # noqa: N802
        length = int(self.headers.get("Content-Length", 0))
        self.stage.posted.append(self.rfile.read(length).decode())
        self.send(self.stage.answer.encode())

    def do_GET(self):  # noqa: N802
        address = urlsplit(self.path)
        after = int(parse_qs(address.query).get("after", ["0"])[0])
        if address.path.startswith("/static/"):
            self.send_file(STATIC / address.path.removeprefix("/static/"))
        elif address.path == "/events":
            self.send_stream(after)
        elif address.path == "/points":
            self.send_points(after)
        elif address.path == "/":
            page = engines["django"].from_string(PAGE.replace("BODY", self.stage.body))
            self.send(page.render({}).encode())
        elif address.path == "/favicon.ico":  # a browser asks for it when it likes
            self.send(b"")
        else:
            self.stage.posted.append(self.path)
            self.send(self.stage.answer.encode())

    def send_file(self, path: Path) -> None:
        if path.is_file():
            self.send(path.read_bytes(), mimetypes.guess_type(path.name)[0] or "font/woff2")
        else:
            self.send(b"", status=404)

    def send_points(self, after: int) -> None:
        self.stage.polls.append(after)
        new = [
            {"id": str(number), "event": name, "data": json.dumps(data)}
            for number, (name, data) in enumerate(self.stage.events, start=1)
            if number > after
        ]
        body = {"cursor": str(len(self.stage.events)), "events": new, "state": "running"}
        self.send(json.dumps(body).encode(), "application/json")

    def send_stream(self, after: int) -> None:
        self.stage.streams.append(after)
        if self.stage.refuse_streams:
            self.stage.refuse_streams -= 1
            self.send(b"busy", status=503)
            return
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with suppress(OSError):  # the page has gone
            self.follow(after)

    def follow(self, after: int) -> None:
        sent = 0
        while not self.stage.over:
            with self.stage.changed:
                self.stage.changed.wait(timeout=0.1)
                new = [] if self.stage.silent else self.stage.events[after:]
            for name, data in new:
                after, sent = after + 1, sent + 1
                self.wfile.write(f"id: {after}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode())
                self.wfile.flush()
                if sent == self.stage.cut_after:
                    return


@contextmanager
def serve(stage: Stage) -> Iterator[None]:
    """Serve the stage on a free port until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OneStage", (Handler,), {"stage": stage}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stage.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield
    finally:
        stage.end()
        server.shutdown()
        server.server_close()
