"""Which learner does a request belong to? The session keeps an id; a row is made when there is something to keep."""

import uuid

from apps.accounts.models import Learner

SESSION_KEY = "learner"


def known_learner(request) -> Learner | None:
    """Return the learner of this browser, or None if it has left nothing yet. Writes nothing."""
    try:
        learner_id = uuid.UUID(request.session.get(SESSION_KEY, ""))
    except ValueError:
        return None
    return Learner.objects.filter(pk=learner_id).first()


def learner_for(request) -> Learner:
    """Return the learner of this browser, made now if need be and remembered in the session."""
    learner = known_learner(request)
    if learner is None:
        learner = Learner.objects.create()
        request.session[SESSION_KEY] = str(learner.pk)
    return learner
