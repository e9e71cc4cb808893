"""What an ingest run tells: one outcome a file, in words a person can act on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from gongwen.errors import REASONS

Status = Literal["accepted", "duplicate", "failed", "waiting"]
_STATUS: dict[Status, str] = {"accepted": "新收", "duplicate": "重复", "failed": "未读成", "waiting": "待处理"}

_LOOKED_OVER = 200
"""Files of one run that are told one by one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`failed` carries a reason code. `waiting`: the bytes are safe, the rest comes with the next run. `complete` is
    False when only a part could be read; `reasons` then say why. `depth`: how many containers of this
    run it lies in."""

    name: str
    status: Status
    sha256: str | None = None
    reason: str | None = None
    complete: bool = True
    reasons: tuple[str, ...] = ()
    depth: int = 0

    @property
    def line(self) -> str:
        """`name：sentence`, on one line."""
        if self.reason is not None:
            what, action = REASONS[self.reason]
            return f"{self.name}：{what}。{action}。"
        if not self.complete:
            why = "；".join(REASONS[one][0] for one in self.reasons if one in REASONS)
            return f"{self.name}：只读出一部分（{why or '原因不明'}）"
        if self.status == "waiting":
            return f"{self.name}：已收下，下次运行 ingest 时接着处理"
        return f"{self.name}：{_STATUS[self.status]}"

    def to_json(self) -> dict[str, Any]:
        return {"source": self.name, "status": self.status, "sha256": self.sha256, "reason": self.reason,
                "message": self.line, "complete": self.complete, "depth": self.depth}  # fmt: skip


@dataclass(slots=True)
class Report:
    """`resumed` counts files of earlier runs (or of others) that this run finished."""

    outcomes: list[Outcome] = field(default_factory=list)
    resumed: int = 0
    interrupted: bool = False
    no_space: bool = False

    @property
    def counts(self) -> dict[Status, int]:
        return dict(Counter(one.status for one in self.outcomes if not one.depth))

    @property
    def lines(self) -> list[str]:
        """A line a file: of a run that a person can look over each that was read, of a longer one only containers, with
        what was found in them, indented. What was not read was told when it happened (Progress)."""
        depths = [one.depth for one in self.outcomes] + [0]
        is_short = sum(not depth for depth in depths[:-1]) <= _LOOKED_OVER
        return ["  " * one.depth + one.line for one, after in zip(self.outcomes, depths[1:], strict=True)
                if one.depth or after or (is_short and one.status != "failed" and one.complete)]  # fmt: skip

    @property
    def exit_code(self) -> int:
        """3 when a file was not read, wholly or for now."""
        unread = any(one.status in {"failed", "waiting"} for one in self.outcomes)
        return 3 if unread or self.interrupted or self.no_space else 0

    @property
    def summary(self) -> str:
        counts = self.counts
        parts = [f"{label} {counts[status]}" for status, label in _STATUS.items() if counts.get(status)]
        partly = sum(not one.complete for one in self.outcomes if not one.depth)
        parts += [f"只读出一部分 {partly}"] if partly else []
        parts += [f"续处理以前的文件 {self.resumed}"] if self.resumed else []
        inner = Counter(one.status for one in self.outcomes if one.depth)
        total = len(self.outcomes) - inner.total()
        told = f"共 {total} 个文件" + (f"：{'，'.join(parts)}" if parts else "") + "。"
        if inner:
            within = "，".join(f"{label} {inner[status]}" for status, label in _STATUS.items() if inner[status])
            told += f"其中的压缩包和邮件内含 {inner.total()} 个文件：{within}。"
        return told
