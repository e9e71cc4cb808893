"""Boxes and characters of a grey picture by RapidOCR (PP-OCRv6): its models lie in its wheel, nothing is downloaded.

Settings by measurement (docs/dependencies.md): no line classifier, which turns upright lines over; every text is kept,
however unsure, for what is dropped here nobody can check. One thread: a session with a pool of threads does not
survive the fork that makes each child (ingest.nursery).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Quads = NDArray[np.float64]

_SURE = 0.85
"""Trust in one character below which it is called weak: tests.bench.bench_ocr tells how many of those are wrong."""
_TALL = 2.5
_SETTINGS = {
    "Global.use_cls": False,
    "Global.text_score": 0.0,
    "Global.return_word_box": True,
    "Global.log_level": "critical",
    "Det.limit_side_len": 1280,
    "Det.limit_type": "max",
    "Rec.rec_batch_num": 1,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One line as it was read: the middles of its characters as shares of its width, which of them are not sure."""

    text: str
    score: float
    middles: tuple[float, ...]
    weak: frozenset[int] = frozenset()


class Engine:
    def __init__(self) -> None:
        import cv2
        from rapidocr import RapidOCR

        cv2.setNumThreads(1)
        self._engine: Any = RapidOCR(params=_SETTINGS)
        # Both models are loaded at first use: here, so that a fork of this process has them.
        blank = np.full((64, 64, 3), 255, np.uint8)
        self._engine(blank, use_det=True, use_cls=False, use_rec=False)
        self._engine.recognize_txt([blank])

    def find_lines(self, grey: Picture) -> Quads:
        """A quadrangle a line: (n, 4, 2), from the top left corner clockwise. Strips much higher than wide (pictures
        of a whole chat or page of the web) are looked at piece by piece: in one piece their lines would be too small.
        """
        high, wide = grey.shape
        if high <= _TALL * wide:
            return self._find(grey)
        tile, step = round(1.5 * wide), round(1.35 * wide)
        found: list[Quads] = []
        for top in range(0, high, step):
            boxes = self._find(grey[top : top + tile])
            lower = boxes[:, :, 1].max(axis=1)
            # What the edge of a piece cuts stands whole in the next one, and what that has above too here.
            kept = (lower < tile - 4) | (top + tile >= high)
            begun = (boxes[:, :, 1].min(axis=1) > 4) | (top == 0)
            found.append(boxes[kept & begun] + np.array((0.0, top)))
            if top + tile >= high:
                break
        return _without_twins(np.concatenate(found))

    def _find(self, grey: Picture) -> Quads:
        found = self._engine(_coloured(grey), use_det=True, use_cls=False, use_rec=False)
        boxes = found.boxes
        return np.zeros((0, 4, 2)) if boxes is None else np.asarray(boxes, np.float64).reshape(-1, 4, 2)

    def read_lines(self, cuts: Sequence[Picture]) -> list[Reading]:
        """The text of each picture of a line; '' where there is none."""
        if not cuts:
            return []
        found = self._engine.recognize_txt([_coloured(cut) for cut in cuts])
        return [
            _reading(text, float(score), words)
            for text, score, words in zip(found.txts, found.scores, found.word_results, strict=True)
        ]


def _without_twins(boxes: Quads) -> Quads:
    """Each place once: where two boxes have their middles within half a line, the first."""
    kept: list[int] = []
    middles, heights = boxes.mean(axis=1), boxes[:, :, 1].max(axis=1) - boxes[:, :, 1].min(axis=1)
    for at in range(len(boxes)):
        near = (one for one in kept[-200:] if abs(middles[one][1] - middles[at][1]) < 0.5 * heights[at])
        if all(abs(middles[one][0] - middles[at][0]) >= heights[at] for one in near):
            kept.append(at)
    return boxes[kept]


def _coloured(grey: Picture) -> Picture:
    return np.repeat(grey[:, :, None], 3, axis=2)


def _reading(text: str, score: float, words: Any) -> Reading:
    """Columns of the network's output to shares of the width; a blank has none and stands between its neighbours."""
    chars = [char for group in words.words for char in group]
    columns = [column for group in words.word_cols for column in group]
    trust = list(words.confs) if len(words.confs) == len(chars) else [score] * len(chars)
    middles: list[float | None] = []
    weak: set[int] = set()
    at = 0
    for place, char in enumerate(text):
        if at >= len(chars) or chars[at] != char:
            middles.append(None)
            continue
        middles.append((columns[at] + 0.5) / max(1.0, words.line_txt_len))
        # Of punctuation it cannot tell one width from the other, and that says nothing of the rest.
        if trust[at] < _SURE and char.isalnum():
            weak.add(place)
        at += 1
    return Reading(text, score, _filled(middles), frozenset(weak))


def _filled(middles: Sequence[float | None]) -> tuple[float, ...]:
    """Unknown places spread evenly between the known ones."""
    places = [(at, one) for at, one in enumerate(middles) if one is not None]
    if not places:
        return tuple((at + 0.5) / len(middles) for at in range(len(middles)))
    xs = [-1.0, *(float(at) for at, _ in places), float(len(middles))]
    ys = [0.0, *(one for _, one in places), 1.0]
    return tuple(float(one) for one in np.interp(range(len(middles)), xs, ys))


@cache
def engine() -> Engine:
    return Engine()
