"""Which learner does a request belong to? The session keeps an id; a row is made when there is something to keep."""

import uuid

from django.utils.crypto import salted_hmac

from apps.accounts.models import Learner

SESSION_KEY = "learner"


def known_learner(request) -> Learner | None:
    """Return the learner of this browser, or None if it has left nothing yet. Writes nothing."""
    try:
        learner_id = uuid.UUID(request.session.get(SESSION_KEY, ""))
    except ValueError:
        return None
    return Learner.objects.filter(pk=learner_id).first()


def learner_for(request, *, form: uuid.UUID | None = None) -> Learner:
    """Return the learner of this browser, made now if need be and remembered in the session.

    `form` is the random key of the form that was sent. On a first visit two clicks carry no session yet; the key
    that they share makes them one learner, and so one run.
    """
    learner = known_learner(request)
    if learner is None:
        learner = Learner.objects.get_or_create(pk=_of_form(form) if form else uuid.uuid4())[0]
        request.session[SESSION_KEY] = str(learner.pk)
    return learner


def _of_form(key: uuid.UUID) -> uuid.UUID:
    return uuid.UUID(salted_hmac("tradeoff.learner", key.hex, algorithm="sha256").hexdigest()[:32])
