"""Which lessons does the site have, and which text of each? Files are the source; the rows are their index."""

from django.db import models
from django.urls import reverse

from apps.content.lesson import Lesson as Rendered
from apps.content.questions import Question


class Source(models.TextChoices):
    FILE = "file"
    STUDIO = "studio"


class Track(models.Model):
    """One row of lessons."""

    slug = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=60)
    summary = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField()
    parts = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))  # [[from, title], …]

    class Meta:
        ordering = ["order"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("track", args=[self.slug])


class ContentFile(models.Model):
    """A file of the content that is no lesson, as it was imported: so that an export is complete."""

    path = models.CharField(max_length=200, unique=True)
    text = models.TextField()

    def __str__(self):
        return self.path


class LessonQuerySet(models.QuerySet):
    def listed(self):
        """Return what readers find, in the order of the tracks."""
        return self.filter(listed=True, revision__isnull=False).order_by("track__order", "order", "slug")


class Lesson(models.Model):
    """One lesson. `revision` is the text that readers see; an unlisted one is kept for what hangs on it."""

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="lessons")
    slug = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=90)
    short = models.CharField(max_length=90)
    summary = models.CharField(max_length=240)
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.FILE)
    listed = models.BooleanField(default=True)
    revision = models.ForeignKey("Revision", null=True, on_delete=models.PROTECT, related_name="+")

    objects = LessonQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["track", "slug"], name="lesson_address")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("lesson", args=[self.track.slug, self.slug])


class Revision(models.Model):
    """One exact text of a lesson, for ever. What is rendered from it may be rendered anew by a later renderer."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="revisions")
    content_hash = models.CharField(max_length=64)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    renderer = models.CharField(max_length=40)
    rendered_at = models.DateTimeField(auto_now=True)
    front = models.JSONField()
    html = models.TextField()
    headings = models.JSONField()
    questions = models.JSONField()
    claims = models.JSONField()
    words = models.PositiveIntegerField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "content_hash"], name="revision_once_per_text")]

    def __str__(self):
        return f"{self.lesson_id} {self.content_hash[:8]}"

    def take(self, rendered: Rendered, renderer: str) -> None:
        """Set everything that follows from the text. Does not save."""
        self.renderer = renderer
        self.front = rendered.front.model_dump(mode="json")
        self.front["labs"] = [slug for slug in self.front["labs"] if f"lab-{slug}" in rendered.ids]  # those to come not
        self.html = rendered.html
        self.headings = [[heading.level, heading.id, heading.title] for heading in rendered.headings]
        self.questions = [question.model_dump(mode="json", exclude_defaults=True) for question in rendered.questions]
        self.claims = [claim.model_dump(mode="json") for claim in rendered.claims]
        self.words, self.minutes = rendered.words, rendered.minutes

    def quiz(self) -> list[Question]:
        """Return the questions of this text."""
        return [Question.model_validate(question) for question in self.questions]
