import gzip

import pytest

from apps.core.static import StaticApplication


@pytest.fixture
def files(tmp_path):
    (tmp_path / "site.css").write_text("a{}" * 500)
    (tmp_path / "site.css.gz").write_bytes(gzip.compress(b"a{}" * 500))
    return StaticApplication(root=tmp_path, prefix="/static/")


def ask(application, path, method="GET", **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    status, sent, body = application.answer({"path": path, "method": method, "headers": pairs})
    return status, dict(sent), body


def test_a_file_is_sent(files):
    status, headers, body = ask(files, "/static/site.css")
    assert (status, body) == (200, b"a{}" * 500)
    assert headers[b"content-type"].startswith(b"text/css")


def test_a_browser_that_can_gets_it_compressed(files):
    status, headers, body = ask(files, "/static/site.css", accept_encoding="gzip, br")
    assert (status, headers[b"content-encoding"]) == (200, b"gzip")
    assert gzip.decompress(body) == b"a{}" * 500


def test_a_browser_that_has_it_is_told_so(files):
    etag = ask(files, "/static/site.css")[1][b"etag"].decode()
    assert ask(files, "/static/site.css", if_none_match=etag)[::2] == (304, b"")


def test_only_the_head_can_be_asked_for(files):
    assert ask(files, "/static/site.css", method="HEAD")[::2] == (200, b"")


@pytest.mark.parametrize("path", ["/static/none.css", "/static/", "/static/../settings.py"])
def test_what_is_no_file_is_not_found(files, path):
    assert ask(files, path)[0] == 404
