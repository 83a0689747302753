"""What has a learner read? One entry for each time that changed; which lessons are read now follows from them."""

import uuid
from threading import BoundedSemaphore

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError

from apps.accounts.learners import SESSION_KEY, known_learner
from apps.accounts.models import Learner
from apps.lessons.models import Lesson, Revision
from apps.progress.models import Entry, record

KIND = "lesson-read"
AT_ONCE = 8  # pages with marks that may ask the database at the same time; others are shown without

log = structlog.get_logger(__name__)
_turn = BoundedSemaphore(AT_ONCE)


def read_by(learner: Learner | None) -> dict[str, str]:
    """Return what a learner has read, each track/slug with the hash of the text that was read."""
    state: dict[str, str] = {}
    entries = Entry.objects.filter(learner=learner, kind=KIND) if learner else Entry.objects.none()
    for name, payload in entries.order_by("pk").values_list("subject", "payload"):
        if payload["read"]:
            state[name] = payload["revision"]
        else:
            state.pop(name, None)
    return state


def times_told(learner: Learner | None, lesson: Lesson, revision: Revision) -> int:
    """Return how often a learner's mark of this very text changed."""
    if learner is None:
        return 0
    told = Entry.objects.filter(learner=learner, kind=KIND, subject=name_of(lesson))
    return told.filter(payload__revision=revision.content_hash).count()


def keep_read(learner: Learner, lesson: Lesson, revision: Revision, *, read: bool) -> None:
    """Keep that a text was read, or was not after all. What is so already is not kept again.

    The key holds how often the mark changed before: of two clicks or two tabs at once one is kept. That number and
    the state come from one look, for between two looks another tab may have written.
    """
    told = Entry.objects.filter(learner=learner, kind=KIND, subject=name_of(lesson)).order_by("pk")
    payloads = list(told.values_list("payload", flat=True))
    known = payloads[-1]["revision"] if payloads and payloads[-1]["read"] else None
    if (known == revision.content_hash) if read else (known is None):
        return
    changes = sum(payload["revision"] == revision.content_hash for payload in payloads)
    record(
        learner=learner,
        kind=KIND,
        subject=name_of(lesson),
        payload={"revision": revision.content_hash, "read": read},
        key=f"read:{lesson.pk}:{revision.content_hash}:{changes}",
    )


def name_of(lesson: Lesson) -> str:
    """Return track/slug."""
    return f"{lesson.track.slug}/{lesson.slug}"


class Mark:
    """The mark of one lesson as its form shows it to one reader."""

    def __init__(self, lesson: Lesson, revision: Revision, learner: Learner | None, wait_s: int = 0):
        self.lesson, self.revision, self.wait_s = lesson, revision, wait_s
        self.key = uuid.uuid4()  # makes two first clicks one learner
        self.read = name_of(lesson) in read_by(learner)
        # Reaching the end counts until the reader has said something else about this text.
        self.open = not self.wait_s and not times_told(learner, lesson, revision)

    @property
    def wait_minutes(self) -> int:
        """Return in how many minutes an address that sent too many may send again."""
        return -(-self.wait_s // 60)


async def lessons_read(request) -> frozenset[str]:
    """Return the names of the lessons that this browser's learner has read; none while the database is away."""
    if SESSION_KEY not in request.session:
        return frozenset()
    return await sync_to_async(_lessons_read)(request)


def _lessons_read(request) -> frozenset[str]:
    if not _turn.acquire(blocking=False):
        return frozenset()
    try:
        return frozenset(read_by(known_learner(request)))
    except (DatabaseError, InterfaceError) as error:
        log.warning("marks_not_read", error=str(error).strip())
        return frozenset()
    finally:
        _turn.release()
