"""Numbers and addresses that pages star are found whole or not at all: else whoever sees 139****0001 asks for one digit
more at a time, and looks whether a paper is found.

In what is compared (index.analysis.fold) the characters of a whole mobile number, and of the name in an address of a
known private host (rules/vocab/mail_hosts.yml), stand as other characters, in papers and queries alike; so a part of
one, typed alone, is other text. Names of offices' addresses are found by their parts."""

from __future__ import annotations

import hashlib

import regex

from gongwen.values.vocab import words

_SHIFT, _FIRST = 0xF0000, 0xF1000
"""Where the others stand; the first of a number or name has one of its own, so that no end of one is found either."""
_GAP = r"[ \-\n\u3000\u00a0]?"
_DIGIT = r"\n?[0-9]"
_FOUR = rf"[0-9](?:{_DIGIT}){{3}}"
_MOBILE = regex.compile(
    rf"(?:(?<![0-9])|(?<=(?<![0-9])(?:00)?86))1\n?[3-9]{_DIGIT}{_GAP}{_FOUR}{_GAP}{_FOUR}(?![0-9])"
)
_PLAIN = r"[a-z0-9_%+\-]"
_HOSTS = "|".join(regex.escape(host) for host in words("mail_hosts", "private"))
STAMP = hashlib.sha256(_HOSTS.encode()).hexdigest()[:8]
"""Names the hosts: with others what is compared is other text."""
_NAME = regex.compile(
    rf"(?:(?<![a-z0-9._%+\-]){_PLAIN}{{0,40}}[a-z]{_PLAIN}{{0,40}}+\n)?[a-z0-9._%+\-]{{1,64}}+"
    rf"(?=\s{{0,2}}[@#]\s{{0,2}}(?:[a-z0-9\-]{{1,40}}\.){{0,3}}(?:{_HOSTS})(?![a-z0-9\-]))"
)
SEALED = f"{chr(_SHIFT + 0x21)}-{chr(_FIRST + 0x7E)}"
"""The range of such characters, for a pattern."""
_LETTERS = {code: chr(code + _SHIFT) for code in range(0x21, 0x7F)}


def sealed(flat: str) -> str:
    """Of text in one width and case: same length, same offsets."""
    if "1" in flat:
        flat = _MOBILE.sub(_seal, flat)
    if "@" in flat or "#" in flat:
        flat = _NAME.sub(_seal, flat)
    return flat


def without_gaps(text: str, flat: str) -> str:
    """A query with the gaps of its mobile numbers closed: 139 0000 0001 is one word."""
    for match in reversed(list(_MOBILE.finditer(flat))):
        digits = "".join(char for char in match.group() if char.isdigit())
        text = text[: match.start()] + digits + text[match.end() :]
    return text


_PIECE = regex.compile(r"(?<![0-9０-９])[0-9０-９]{4,10}(?![0-9０-９])")


def may_be_a_piece(text: str) -> bool:
    """Digits of a query that find nothing where they are a part of a mobile number."""
    return _PIECE.search(text) is not None


def unsealed(char: str) -> str:
    """The character that another stands for; itself when it stands for none."""
    code = ord(char) - (_FIRST if ord(char) >= _FIRST else _SHIFT)
    return chr(code) if code in _LETTERS else char


def _seal(match: regex.Match[str]) -> str:
    text = match.group()
    return chr(ord(text[0]) + _FIRST) + text[1:].translate(_LETTERS)
