"""Where are the site's own servers? Where DATA_DIR says, so that every process finds them."""

from __future__ import annotations

import hashlib
import json
import os
import secrets as random
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

SECRETS = "secrets.json"
POSTGRES_PORT = 5432  # names the socket; nothing listens on a network


@dataclass(frozen=True, slots=True)
class Embedded:
    """The addresses of the embedded servers."""

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """What nobody else may know, made once for each DATA_DIR."""

    secret_key: str = ""
    postgres_password: str = ""
    redis_password: str = ""


def run_directory(data_dir: Path) -> Path:
    """Return the directory of the sockets. Short, and not from TMPDIR: a second terminal must find it too."""
    mark = hashlib.sha256(os.fsencode(data_dir.absolute())).hexdigest()[:10]
    return Path("/tmp") / f"tradeoff-{os.getuid()}-{mark}"  # noqa: S108  (private, and owned before use)


def postgres_sockets(data_dir: Path) -> Path:
    """Return the directory of PostgreSQL's socket."""
    return run_directory(data_dir) / "pg"


def redis_socket(data_dir: Path) -> Path:
    """Return the path of Redis's socket."""
    return run_directory(data_dir) / "redis" / "redis.sock"


def _known(data_dir: Path) -> Secrets:
    """Return the secrets made earlier; empty ones if there are none yet."""
    try:
        return Secrets(**json.loads((data_dir / SECRETS).read_text(encoding="utf-8")))
    except OSError:  # none yet, or another user's, whose servers would refuse us anyway
        return Secrets()


def secrets(data_dir: Path) -> Secrets:
    """Return the secrets of `data_dir`, made now if there are none. Raises OSError if it cannot write them."""
    file = data_dir / SECRETS
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = Secrets(random.token_urlsafe(48), random.token_urlsafe(24), random.token_urlsafe(24))
        draft = data_dir / f".{SECRETS}-{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
            json.dump(asdict(fresh), opened, indent=1)
        draft.replace(file)
    return _known(data_dir)


def secret_key(data_dir: Path) -> str:
    """Return the site's SECRET_KEY, or "" before the first start."""
    return _known(data_dir).secret_key


def addresses(data_dir: Path) -> Embedded:
    """Return where the embedded servers of `data_dir` are when they run. Touches nothing."""
    known = _known(data_dir)
    database = (
        f"postgresql://tradeoff:{quote(known.postgres_password, safe='')}@/tradeoff"
        f"?host={quote(str(postgres_sockets(data_dir)))}&port={POSTGRES_PORT}"
    )
    redis = f"unix://:{quote(known.redis_password, safe='')}@{quote(str(redis_socket(data_dir)))}"
    return Embedded(database, redis)
