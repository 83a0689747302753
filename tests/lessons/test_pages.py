"""Is the memory of documents right when the shelf changes while one is made?"""

from apps.lessons.documents import pack
from apps.lessons.pages import Pages
from apps.lessons.shelf import Shelf

OLD, NEW = Shelf(stamp="old"), Shelf(stamp="new")


def test_a_document_is_kept_for_its_shelf_only():
    pages, document = Pages(), pack(b"x")
    pages.turn_to(OLD)
    assert pages.keep(OLD, "/", document) is document
    assert pages.kept(OLD, "/") is document
    assert pages.kept(NEW, "/") is None


def test_who_made_one_for_an_older_shelf_takes_nothing_from_the_new_one():
    pages, old, new = Pages(), pack(b"old"), pack(b"new")
    pages.turn_to(OLD)
    pages.turn_to(NEW)
    pages.keep(NEW, "/", new)
    assert pages.kept(OLD, "/") is None
    assert pages.keep(OLD, "/", old) is old
    assert pages.kept(NEW, "/") is new
