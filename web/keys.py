"""The key that forms and cookies are signed with: made at the first start, kept in CORPUS/site.key (0600)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from gongwen.disk import replace_file

FILE = "site.key"
_BYTES = 32


def new_key() -> bytes:
    return secrets.token_bytes(_BYTES)


def load_key(corpus: Path) -> bytes:
    """The corpus's own key. Where it can be neither read nor written, one for this process alone: forms then hold
    until the site is started again."""
    path = corpus / FILE
    try:
        found = path.read_bytes()
        if len(found) >= _BYTES:
            return found
    except FileNotFoundError:
        pass
    except OSError:
        return new_key()
    return _made(path)


def _made(path: Path) -> bytes:
    key = new_key()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:  # another process was quicker, or the file is damaged
        found = path.read_bytes()
        if len(found) >= _BYTES:
            return found
        replace_file(path, key, tmp=path.parent)
        path.chmod(0o600)
        return key
    except OSError:
        return key
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key
