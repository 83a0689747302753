"""How is this site configured? What differs between machines is an environment variable, read here only."""

import logging
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from apps.testbed import embedded
from config import environment
from config.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data").resolve()
CONTENT_DIR = BASE_DIR / "content"
DEBUG = os.environ.get("DEBUG") == "1"
PORT = environment.whole_number("PORT", 8000)

# One address sets hosts, origins and cookies; the loopback names are the same machine under other words.
_site = environment.site_url(f"http://localhost:{PORT}")
SITE_URL = _site.geturl()
_HTTPS = _site.scheme == "https"
_LOCAL = _site.hostname in {"localhost", "127.0.0.1", "::1"}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if _LOCAL else [_site.hostname or "", "localhost"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

SECRET_KEY = os.environ.get("SECRET_KEY") or embedded.secret_key(DATA_DIR)
if not SECRET_KEY:
    if not (DEBUG or _LOCAL):
        raise ImproperlyConfigured("SECRET_KEY is not set. Set it to a long random text, the same in every process.")
    SECRET_KEY = "for-this-machine-only-until-manage-up-has-made-a-real-one"  # noqa: S105

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_structlog",
    "django_prometheus",
    "django_htmx",
    "csp",
    "django_migration_linter",
    "apps.core",
    "apps.accounts",
    "apps.progress",
    "apps.lessons",
    "apps.labs",
    "apps.search",
    "apps.pages",
]
if not DEBUG:  # the linter is a development dependency
    INSTALLED_APPS.remove("django_migration_linter")
# Looked at and found harmless; the file says why.
MIGRATION_LINTER_OPTIONS = {"ignore_name": ["0004_run_once_per_trial"]}

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "apps.core.middleware.LogMiddleware",
    "apps.core.middleware.OutageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.core.middleware.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
    "apps.core.middleware.in_turn",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "apps.core.context.site"],
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])]
            if not DEBUG
            else ["django.template.loaders.filesystem.Loader"],
        },
    }
]

_embedded = embedded.addresses(DATA_DIR)
REDIS_URL = environment.redis_url(_embedded.redis_url)
_database = environment.database(_embedded.database_url)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.pop("dbname", "tradeoff"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": _database.pop("port", ""),
        # No persistent connections: under ASGI each would belong to a thread, not to a request.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"connect_timeout": 3, **_database},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # holds one id; costs no query
SESSION_COOKIE_AGE = 60 * 60 * 24 * 365
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _HTTPS else 0
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "report-uri": ["/csp-report"],
    }
}
# How many proxies of ours stand in front: the client's address is that many entries from the right.
TRUSTED_PROXIES = environment.whole_number("TRUSTED_PROXIES", 0)

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Ours alone: packages bring scripts that no page of ours loads, some with broken imports.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "apps.core.static.HashedStorage"
    },
}

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = logging_config(level=environment.log_level(), json=os.environ.get("LOG_FORMAT") == "json")
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # addresses are personal data; limits use a keyed hash
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line a request: how it ended
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # would read the user on every request
PROMETHEUS_METRIC_NAMESPACE = "tradeoff"
METRICS_ALLOWED = set(filter(None, (os.environ.get("METRICS_ALLOWED") or "127.0.0.1,::1").split(",")))

# Labs. Unset: each lab worker starts its own throw-away servers.
LAB_REDIS_URL = os.environ.get("LAB_REDIS_URL") or ""
LAB_POSTGRES_DSN = os.environ.get("LAB_POSTGRES_DSN") or ""
RUN_LIMITS = {
    "active_per_learner": environment.whole_number("RUNS_ACTIVE_PER_LEARNER", 2),
    "hourly_per_learner": environment.whole_number("RUNS_HOURLY_PER_LEARNER", 60),
    "active_per_address": environment.whole_number("RUNS_ACTIVE_PER_ADDRESS", 8),
    "hourly_per_address": environment.whole_number("RUNS_HOURLY_PER_ADDRESS", 240),
    "hourly_seconds_per_learner": environment.whole_number("RUN_SECONDS_HOURLY_PER_LEARNER", 1200),
    "hourly_seconds_per_address": environment.whole_number("RUN_SECONDS_HOURLY_PER_ADDRESS", 4800),
    "queued": environment.whole_number("RUNS_QUEUED", 50),
    "studies_active": environment.whole_number("STUDIES_ACTIVE", 20),
    "study_runs": environment.whole_number("STUDY_RUNS", 60),
    "study_seconds": environment.whole_number("STUDY_SECONDS", 600),
}
QUIZ_ANSWERS_HOURLY_PER_ADDRESS = environment.whole_number("QUIZ_ANSWERS_HOURLY_PER_ADDRESS", 1200)
SEARCHES_A_MINUTE_PER_ADDRESS = environment.whole_number("SEARCHES_A_MINUTE_PER_ADDRESS", 600)
