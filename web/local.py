"""Addresses of this site, for going back to where somebody came from."""

from __future__ import annotations

from urllib.parse import urlsplit


def back_to(where: str, otherwise: str) -> str:
    """An address of this site, or another one."""
    parts = urlsplit(where)
    is_ours = where.startswith("/") and not where.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return where if is_ours and where.isprintable() else otherwise


def number_of(text: str) -> int:
    """Of an address; 0, which nothing has, for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
