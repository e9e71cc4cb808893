"""What runs inside the child: sniff, choose, read, answer. The one place where foreign bytes meet a parser."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest import budget, decrypt, isolation
from ingest.basket import Basket, Container
from ingest.derive import Derive
from ingest.nursery import UNWARMED
from ingest.pictures.wish import Wish
from ingest.readers import readers
from ingest.safety import is_memory, scrub
from ingest.sniff import sniff
from ingest.source import NeedsConversion, OcrWanted, Reader, Source

Send = Callable[[bytes, bytes], None]


def work(request: dict[str, Any], data: bytes, derive: Derive | None, send: Send) -> None:
    limits = request["limits"]

    def pages(count: int) -> None:
        if count:
            isolation.more_cpu(limits, count)
        send(b"P", count.to_bytes(4, "big"))

    budget.connect(pages)
    try:
        if request.get("op") == "report":
            send(b"R", json.dumps(isolation.report(request["isolation"])).encode())
            return
        if request.get("op") == "picture":
            send(b"R", _drawn(request, data, send))
            return
        if request.get("op") == "unlock":
            decrypt.work(request, data, send)
            return
        document = _read(request, data, send, _basket(request, send))
        answer = document.to_json() if derive is None else _derived(document, derive)
        send(b"R", json.dumps(answer, ensure_ascii=False, allow_nan=False).encode("utf-8"))
    except NeedsConversion as wish:
        send(b"V", wish.form.encode("ascii"))
    except SourceError as error:
        _say(send, error.code, error.detail, wants_ocr=isinstance(error, OcrWanted))
    except RecursionError as error:
        _say(send, "parse_error", _where(error))
    except Exception as error:  # the border of the process: told to the caller with its place, never swallowed
        _say(send, "memory" if is_memory(error) else "crash", _where(error))


def _drawn(request: dict[str, Any], data: bytes, send: Send) -> bytes:
    from ingest.pictures.drawing import draw

    return draw(Wish.from_json(request["picture"]), data, lambda module: _need(module, request, send))


def _derived(document: Document, derive: Derive) -> dict[str, Any]:
    """Raises SourceError `extract_error` for a bug met by this text, so that it is not taken for the reader's."""
    try:
        records = derive(document)
    except Exception as error:
        if is_memory(error):
            raise
        raise SourceError("extract_error", _where(error)) from error
    return {
        "document": document.to_json(),
        "records": [one.to_json() for one in records],
        "fingerprint": derive.fingerprint,
    }


def _basket(request: dict[str, Any], send: Send) -> Basket:
    """Where members go; without a place for them the container is only listed."""
    limits = request["limits"]
    if not request.get("members"):
        return Basket()
    return Basket(send, most=limits["members"], total=limits["members_bytes"], each=limits["file_bytes"])


def _read(request: dict[str, Any], data: bytes, send: Send, basket: Basket) -> Document:
    media_type, warnings = sniff(data, request["name"])
    converted, ocr = request.get("converted"), request.get("ocr", "none")
    source = Source(request["name"], data, media_type, request["sha256"], warnings, converted, ocr)
    if source.ocr == "now":
        _need("ingest.readers.ocr", request, send)
    claimants = _claimants(source, request)
    if not claimants:
        code = "no_text_needs_ocr" if media_type.startswith("image/") else "unsupported"
        raise SourceError(code, media_type)
    first: SourceError | None = None
    for reader in claimants:
        _need(type(reader).__module__, request, send)
        try:
            document = reader.unpack(source, basket) if isinstance(reader, Container) else reader.read(source)
        except SourceError as error:
            # A second reader of the same format may see what the first could not; anything else is final.
            if error.code != "parse_error":
                raise
            first = first or error
            continue
        return _finish(document, source)
    assert first is not None
    raise first


def _need(module: str, request: dict[str, Any], send: Send) -> None:
    """Go on when the nursery has loaded the libraries of this module; they serve all later children too."""
    send(b"M", module.encode("ascii"))
    if module not in request.get("warm", (module,)) and hasattr(import_module(module), "HEAVY"):
        os._exit(UNWARMED)


def _claimants(source: Source, request: dict[str, Any]) -> list[Reader]:
    """Readers that claim the source, highest first; `skip` leaves out those whose child has died on it."""
    extra = [import_module(name).READER for name in request.get("readers", ())]
    known = extra or list(readers())
    claiming = sorted((one for one in known if one.claim(source) > 0), key=lambda one: -one.claim(source))
    return claiming[int(request.get("skip", 0)) :]


def _finish(document: Document, source: Source) -> Document:
    if len(document.text) > budget.MAX_TEXT:
        raise SourceError("too_much_text", f"{len(document.text)} characters")
    warnings = tuple(dict.fromkeys((*source.warnings, *document.warnings)))
    return replace(document, text=scrub(document.text), warnings=warnings)


def _say(send: Send, code: str, detail: str, *, wants_ocr: bool = False) -> None:
    send(b"E", json.dumps({"code": code, "detail": detail[:500], "wants_ocr": wants_ocr}).encode())


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rsplit('/', 2)[-1]}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}: {str(error)[:200]}"


# The readers' modules are light by contract; loaded here once, they are there in every fork.
readers()
