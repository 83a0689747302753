"""Who uses the site? A user has an account; a learner is whoever learns, with or without one."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """An account. Our own class from the first migration, so that it can grow."""


class Learner(models.Model):
    """Whose runs, guesses and answers these are. It exists from the first thing worth keeping."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.CASCADE, related_name="learner")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"learner {self.pk}"
