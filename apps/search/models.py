"""What can be found? One row for each thing with an address: a page, a section of it, a question, a word."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Vector(models.Field):
    """A column of PostgreSQL's type tsvector, written as text."""

    def db_type(self, connection):
        """Return the type of the column."""
        return "tsvector"


class Kind(models.TextChoices):
    """What a document is. Its order is that of the groups where nothing else decides."""

    LESSON = "lesson", "Lessons"
    SECTION = "section", "Sections"
    LAB = "lab", "Labs"
    QUESTION = "question", "Questions for a lab"
    PROBLEM = "problem", "Interviews"
    TERM = "term", "Glossary"
    CONCEPT = "concept", "Concepts"
    TRACK = "track", "Tracks"


class Document(models.Model):
    """One thing that can be found. Those of one `page` are shown together; a row is replaced, never changed."""

    page = models.CharField(max_length=240, db_index=True)
    stamp = models.CharField(max_length=64)  # of the page: while it is the same, nothing of the page is read again
    url = models.CharField(max_length=240, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=240)
    context = models.CharField(max_length=240)  # the way to it, in words
    text = models.TextField()  # excerpts are cut from this
    names = models.TextField()  # a line each: the stems with one blank between
    weight = models.FloatField()
    vector = Vector()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="search_document_vector")]

    def __str__(self):
        return self.url
