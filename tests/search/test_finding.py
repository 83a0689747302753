from html import unescape

import pytest

from apps.search.finding import find
from apps.search.index import Found
from apps.search.models import Document, Kind
from tests.search.conftest import CACHING, CDN, LAB, WORD


def urls(line, **options):
    """Return the addresses of the pages that a line finds."""
    return [group.head.url for group in find(line, most=10, **options).groups]


def text(hit):
    return unescape(hit.excerpt.replace("<mark>", "[").replace("</mark>", "]"))


@pytest.mark.usefixtures("small")
class TestFinding:
    def test_who_is_called_so_comes_first(self):
        assert urls("caching")[:2] == ["/learn/blocks/caching/", "/labs/caching/"]
        assert urls("cdn")[0] == "/learn/blocks/cdn/"
        assert urls("hit ratio")[0] == "/glossary/#hit-ratio"

    def test_sections_stand_below_their_lesson(self):
        group = find("stampede", most=10).groups[0]
        assert group.head.url == "/learn/blocks/caching/"
        assert [hit.url for hit in group.parts] == ["/learn/blocks/caching/#the-stampede"]

    @pytest.mark.parametrize("line", ["c", "cach", "cachi", "caching", "CACHES", "cached"])
    def test_a_word_is_found_while_it_is_typed_and_in_its_other_forms(self, line):
        assert "/learn/blocks/caching/" in urls(line)

    @pytest.mark.parametrize("line", ["Retry-After", "retry after", "N+1", "p99", "p99.9", "'N+1'", '"retry after"'])
    def test_odd_spellings_are_found(self, line):
        assert urls(line)[0] == "/learn/blocks/caching/"

    def test_pages_with_all_words_come_first_and_the_answer_says_how_many(self):
        answer = find("purge cache", most=10)
        assert (answer.complete, answer.partly, answer.loosened) == (1, True, False)
        assert answer.groups[0].head.url == "/learn/blocks/cdn/"
        assert len(answer.groups) == 4

    def test_where_enough_pages_hold_all_words_no_others_are_shown(self, index):
        both = [Found(Kind.LESSON, f"/learn/blocks/{number}/", "Purge the cache") for number in range(3)]
        index(CDN, LAB, WORD, *([one] for one in both))
        answer = find("purge cache", most=10)
        assert (answer.complete, answer.partly) == (4, False)
        assert len(answer.groups) == 4

    def test_if_no_page_holds_all_words_some_are_shown_and_the_answer_says_so(self):
        answer = find("purge stampede", most=10)
        assert answer.loosened
        assert {group.head.url for group in answer.groups} == {"/learn/blocks/cdn/", "/learn/blocks/caching/"}

    def test_words_may_stand_in_different_sections_of_a_page(self):
        assert urls("copy stampede") == ["/learn/blocks/caching/"]

    def test_stop_words_are_left_out_beside_others(self):
        assert urls("what is the stampede") == urls("stampede") == ["/learn/blocks/caching/"]

    def test_stop_words_alone_are_looked_for_in_names(self):
        assert urls("is a")[0] == "/learn/blocks/caching/"
        assert urls("the") == ["/learn/blocks/caching/"]

    def test_a_slip_is_put_right_and_said(self):
        answer = find("cahcing stampede", most=10)
        assert answer.corrected == "caching stampede"
        assert answer.groups[0].head.url == "/learn/blocks/caching/"

    def test_unless_the_words_are_wanted_as_typed(self):
        answer = find("cahcing", most=10, as_typed=True)
        assert (answer.groups, answer.corrected, answer.near) == ((), "", ("caching",))

    def test_words_run_together_are_parted(self):
        assert find("hitratio", most=10).corrected == "hit ratio"

    def test_the_excerpt_shows_what_was_found(self):
        group = find("misses", most=10).groups[0]
        assert text(group.head) == "What a small copy saves."
        assert text(group.parts[0]).startswith("Every reader [misses] at once.")
        assert "[N+1]" in text(find("n+1", most=10).groups[0].parts[0])

    @pytest.mark.parametrize(
        "line",
        [
            "",
            " ",
            "…",
            "'",
            "\\",
            "a & b | !c:*",
            "%",
            "😀",
            "漢字",
            "\u202e",
            "ß" * 50,
            "' <-> '",
            "x" * 200,
            "a " * 100,
        ],
    )
    def test_nothing_that_is_typed_breaks_it(self, line):
        find(line, most=10)

    def test_no_more_pages_than_wanted_are_described(self):
        answer = find("cache", most=1)
        assert len(answer.groups) == 1
        assert answer.more == 3


def test_an_empty_index_finds_nothing(db, index):
    index()
    assert find("caching", most=10).groups == ()


def test_an_excerpt_is_cut_from_the_best_stretch_of_a_long_text(index):
    long = "Words before. " * 60 + "Here the lease stops the stampede. " + "Words after. " * 60
    index([Found(Kind.SECTION, "/a/", "Long", text=f"A lease. {long}")])
    said = text(find("lease stampede", most=1).groups[0].head)
    assert "Here the [lease] stops the [stampede]." in said
    assert said.startswith("… ")
    assert len(said) < 220


def test_a_text_of_one_endless_word_is_cut_too(index):
    index([Found(Kind.SECTION, "/a/", "Endless", text="cache " + "x" * 5000)])
    assert len(text(find("cache", most=1).groups[0].head)) < 220


def rows():
    return list(Document.objects.order_by("pk").values_list("pk", "page", "stamp", "text"))


def test_a_second_update_changes_nothing_and_makes_no_document(index):
    index(CACHING, CDN, LAB, WORD)
    before = rows()
    changes = index(CACHING, CDN, LAB, WORD)
    assert (changes.written, changes.unchanged, changes.removed) == (0, 4, 0)
    assert rows() == before


def test_only_a_page_that_changed_is_written_and_one_that_went_is_found_no_more(index):
    index(CACHING, CDN)
    before = {row for row in rows() if row[1] == "/learn/blocks/caching/"}
    new = [Found(Kind.LESSON, "/learn/blocks/cdn/", "Edges", text="Anycast.")]
    changes = index(CACHING, new)
    assert (changes.written, changes.unchanged, changes.removed) == (1, 1, 0)
    assert before <= set(rows())
    assert urls("anycast") == ["/learn/blocks/cdn/"]
    assert urls("purge", as_typed=True) == []
    assert index(CACHING).removed == 1
    assert urls("anycast", as_typed=True) == []
