"""Whether pictures of text can be read here, and by what."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

HEAVY = ("cv2", "onnxruntime", "rapidocr", "ingest.readers.ocr_engine")
"""Loaded once by the nursery that bears the OCR children, with the models (ingest.warming)."""


@cache
def is_installed() -> bool:
    """Looked up without loading anything."""
    return all(find_spec(name) is not None for name in ("cv2", "onnxruntime", "rapidocr"))
