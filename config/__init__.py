"""Wiring only: settings, URLs, ASGI and Celery."""
