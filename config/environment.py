"""Is a value of the environment one that can be used? If not, one line names the variable and what it may be."""

import logging
import os
from urllib.parse import SplitResult, urlsplit

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict


def whole_number(name: str, default: int) -> int:
    """Return a variable as a whole number that is not negative."""
    raw = os.environ.get(name) or str(default)
    if not raw.strip().isdecimal():
        raise ImproperlyConfigured(f"{name}={raw} is not a whole number. The default is {default}.")
    return int(raw)


def site_url(default: str) -> SplitResult:
    """Return SITE_URL in its parts."""
    raw = (os.environ.get("SITE_URL") or default).rstrip("/")
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"SITE_URL={raw} is not an address like https://learn.example.org.")
    return parts


def database(default: str) -> dict[str, str]:
    """Return DATABASE_URL as libpq's parameters. A wrong one is not shown: it may hold a password."""
    try:
        return conninfo_to_dict(os.environ.get("DATABASE_URL") or default)
    except psycopg.ProgrammingError:
        raise ImproperlyConfigured(
            "DATABASE_URL is not an address like postgresql://user:password@host:5432/name."
        ) from None


def redis_url(default: str) -> str:
    """Return REDIS_URL."""
    url = os.environ.get("REDIS_URL") or default
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured("REDIS_URL is not an address like redis://:password@host:6379/0.")
    return url


def log_level() -> str:
    """Return LOG_LEVEL."""
    level = (os.environ.get("LOG_LEVEL") or "INFO").upper()
    if level not in logging.getLevelNamesMapping():
        known = ", ".join(name for name in logging.getLevelNamesMapping() if name != "NOTSET")
        raise ImproperlyConfigured(f"LOG_LEVEL={level} is none of {known}.")
    return level
