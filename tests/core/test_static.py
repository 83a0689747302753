import gzip
import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from apps.core.static import HashedStorage, StaticApplication, strip_css


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


SHEET = """/* Why? The page's own words. */
@layer components {
  .code :is(.k, .s)   > b ~ i { color: red; margin: calc(1px + 2px) 0;  /* a */ }
  .a::after { content: "/* no comment; */  two  blanks"; --empty: ; }
}
/*! Licence: kept. */
"""


def test_a_sheet_loses_comments_and_blanks_but_no_meaning():
    assert strip_css(SHEET) == (
        "@layer components{.code :is(.k,.s) > b ~ i{color:red;margin:calc(1px + 2px) 0}"
        '.a::after{content:"/* no comment; */  two  blanks";--empty:}}/*! Licence: kept. */'
    )


@pytest.fixture
def collected(tmp_path):
    for name, text in {
        "css/site.css": '/* why */\n.a {\n  background: url("../icon.svg");\n}\n',
        "icon.svg": "<svg/>",
        "js/one.js": '// why\nimport { two } from "./deep/two.js";\ntwo(`a  // b`);\n',
        "js/deep/two.js": "/*! of others */\nexport function two(word) {\n  return word; // why\n}\n",
        "vendor/their.js": "// their   words\nlet a  =  1;\n",
    }.items():
        (tmp_path / "from" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "from" / name).write_text(text)
    storage, source = HashedStorage(location=tmp_path / "to"), FileSystemStorage(location=tmp_path / "from")
    names = [str(path.relative_to(tmp_path / "from")) for path in (tmp_path / "from").rglob("*.*")]
    for name in names:
        storage.save(name, ContentFile((tmp_path / "from" / name).read_bytes()))
    list(storage.post_process({name: (source, name) for name in names}))
    return lambda name: (tmp_path / "to" / storage.stored_name(name)).read_text()


def test_our_files_are_stripped_and_name_each_other_by_hash(collected):
    assert re.fullmatch(
        r'import\{two\} from "\./deep/two\.\w{12}\.js";two\(`a  // b`\);', collected("js/one.js").strip()
    )
    assert re.fullmatch(r'\.a\{background:url\("\.\./icon\.\w{12}\.svg"\)\}', collected("css/site.css"))
    assert collected("js/deep/two.js").split("*/") == ["/*! of others ", "export function two(word){return word;}"]


def test_files_of_others_are_sent_to_the_byte(collected):
    assert collected("vendor/their.js") == "// their   words\nlet a  =  1;\n"


def test_a_chain_of_imports_ends_in_hashes(tmp_path):
    names = [f"js/{n}.js" for n in range(8)]
    source, storage = FileSystemStorage(location=tmp_path / "from"), HashedStorage(location=tmp_path / "to")
    for number, name in enumerate(names):
        body = f'import "./{number + 1}.js"; // next\n' if number < 7 else "// the end\nlet a = 1;\n"
        source.save(name, ContentFile(body.encode()))
        storage.save(name, ContentFile(body.encode()))
    processed = list(storage.post_process({name: (source, name) for name in names}))
    assert not [result for *_, result in processed if isinstance(result, Exception)]
    for number, name in enumerate(names[:-1]):
        assert Path(storage.stored_name(names[number + 1])).name in (
            (tmp_path / "to" / storage.stored_name(name)).read_text()
        )
