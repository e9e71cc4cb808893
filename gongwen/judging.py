"""Judging: what a person decides about a target, made an act and kept. What has changed since they saw it is told and
nothing is written; an act that says again what its author said last is not kept twice."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from gongwen.acts import ISSUES, Review, standing
from gongwen.errors import GongwenError, TypedError
from gongwen.record import Record
from gongwen.resolving import Resolution, name_of, part_of, resolve_all
from gongwen.row_names import text_of
from gongwen.slots import same, same_row
from gongwen.store import Store
from gongwen.targets import Target, find, targets

_ONE = "d-"
"""Begins the batch of the acts that make up one decision."""

Verb = Literal["confirm", "correct", "deny", "add", "insist"]
"""confirm: it is right (of a doubt: looked at; of an act out of date: it counts no more). insist: the act out of date
counts against what extraction says now."""

VERBS: dict[str, frozenset[Verb]] = {
    "single": frozenset({"confirm", "correct", "deny"}),
    "item": frozenset({"confirm", "correct", "deny"}),
    "cell": frozenset({"confirm", "correct", "deny"}),
    "cell_item": frozenset({"confirm", "correct", "deny"}),
    "row": frozenset({"confirm", "deny"}),
    "list": frozenset({"add", "confirm"}),
    "cell_list": frozenset({"add", "confirm"}),
    "table": frozenset({"add"}),
    "removed": frozenset(),
    "stale": frozenset({"confirm", "correct", "insist"}),
    "issue": frozenset({"confirm"}),
}


class Conflict(GongwenError):  # noqa: N818  (a state of things, not a fault)
    """The value is not any more what the person saw. `now` is the file's document as it stands."""

    def __init__(self, message: str, now: Resolution) -> None:
        super().__init__(message)
        self.now = now


class Gone(GongwenError):  # noqa: N818
    """The document is not there any more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One decision: about the target with this key, of which the person saw the act `seen` last. `says` are values
    read by gongwen.typed: one to correct, any number to add (rows are mappings)."""

    address: str
    key: str
    seen: str
    verb: Verb
    says: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """`acts` are what was kept; `skipped` what had changed meanwhile."""

    acts: tuple[Review, ...]
    skipped: tuple[Asked, ...] = ()
    batch: str = ""


def now() -> str:
    """Local time with its offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def judge(store: Store, sha256: str, asked: Asked, by: str) -> Done:
    """Keep one decision. Raises Conflict or Gone. Acts that are one decision are taken back as one."""

    def made(before: list[Review]) -> list[Review]:
        acts = _acts(store, sha256, asked, by, before)
        if len(acts) < 2:
            return acts
        batch = _ONE + secrets.token_hex(5)
        return [replace(act, batch=batch) for act in acts]

    return Done(tuple(store.append_reviews(sha256, made)))


def take_back(store: Store, sha256: str, address: str, mark: str, by: str) -> Done:
    """Take back the decision that this act belongs to. Raises Conflict when somebody has spoken of the same value
    since, or it has been taken back already."""

    def made(before: list[Review]) -> list[Review]:
        found = look(store, sha256, address, before)
        act = next((one for one in reversed(before) if one.mark == mark), None)
        if act is None or not _counts(before, act):
            raise Conflict("这一次复核已经撤销", found)
        acts = [one for one in before if one.batch == act.batch] if act.batch.startswith(_ONE) else [act]
        last = {one.acts[-1].mark for one in targets(found) if one.acts}
        if any(not one.takes_back and one.mark not in last and one not in found.stale for one in acts):
            raise Conflict("这一次复核之后又有人复核过，没有撤销", found)
        return [_back(one, by) for one in reversed(acts)]

    return Done(tuple(store.append_reviews(sha256, made)))


def _counts(before: list[Review], act: Review) -> bool:
    """Whether an act, or one that takes back, has not been taken back itself."""
    place = max(at for at, one in enumerate(before) if one.mark == act.mark)
    return not any(one.takes_back == act.mark for one in before[place + 1 :])


def judge_all(store: Store, wanted: Iterable[tuple[str, Asked]], by: str) -> Done:
    """Many decisions (file, asked) as one batch; what has changed meanwhile is skipped."""
    batch = secrets.token_hex(6)
    files: dict[str, list[Asked]] = {}
    for sha256, asked in wanted:
        files.setdefault(sha256, []).append(asked)
    kept: list[Review] = []
    skipped: list[Asked] = []

    def make(sha256: str, mine: list[Asked]) -> Callable[[list[Review]], list[Review]]:
        def made(before: list[Review]) -> list[Review]:
            acts: list[Review] = []
            for asked in mine:
                try:
                    acts += _acts(store, sha256, asked, by, [*before, *acts])
                except (Conflict, Gone):
                    skipped.append(asked)
            return [replace(act, batch=batch) for act in acts]

        return made

    for sha256, mine in files.items():
        kept += store.append_reviews(sha256, make(sha256, mine))
    return Done(tuple(kept), tuple(skipped), batch)


def take_back_all(store: Store, shas: Iterable[str], batch: str, by: str) -> tuple[list[str], int]:
    """Take back a batch in these files. Gives the files that changed and how many acts could not be taken back,
    because somebody has spoken of the same value since."""
    changed: list[str] = []
    kept = 0
    for sha256 in shas:
        left: list[Review] = []

        def made(before: list[Review], left: list[Review] = left) -> list[Review]:
            held = standing(before)
            back: list[Review] = []
            for act in (one for one in held if one.batch == batch):
                later = held[held.index(act) + 1 :]
                if any(one.field == act.field and (same(one.saw, act.say) or same(one.saw, act.saw)) for one in later):
                    left.append(act)
                else:
                    back.append(_back(act, by))
            return back

        if store.append_reviews(sha256, made):
            changed.append(sha256)
        kept += len(left)
    return changed, kept


def look(store: Store, sha256: str, address: str, reviews: Sequence[Review] | None = None) -> Resolution:
    """A document as it stands now. Raises Gone."""
    reading = store.reading(sha256)
    at = next((at for at, one in enumerate(reading.documents) if one.id == address), None) if reading else None
    if reading is None or at is None:
        raise Gone("该公文已不在库中，可能已重新收文。请用标题或文号检索")
    return resolve_all(reading.documents, store.reviews(sha256) if reviews is None else reviews)[at]


def _acts(store: Store, sha256: str, asked: Asked, by: str, before: list[Review]) -> list[Review]:
    found = look(store, sha256, asked.address, before)
    target = find(found, asked.key)
    if target is None:
        if _is_said_already(found, asked, by):
            return []
        raise Conflict("这一项的内容在您打开页面之后已经改变", found)
    if asked.verb not in VERBS[target.kind]:
        raise ValueError(f"{asked.verb} of {target.kind}")
    if asked.verb != "add" and target.kind != "stale" and _is_said_again(target, asked, by):
        return []
    if target.seen != asked.seen and asked.verb != "add":
        raise Conflict("在您打开页面之后，有人复核过这一项", found)
    return list(_made(found, target, asked, by))


def _is_said_already(found: Resolution, asked: Asked, by: str) -> bool:
    """A form that was sent twice: the act is there, and nobody has spoken since."""
    last = found.acts[-1] if found.acts else None
    return (
        last is not None and last.by == by and asked.verb in {"correct", "deny"}
        and last.mark != asked.seen and same(last.say, asked.says[0] if asked.says else None)
    )  # fmt: skip


def _is_said_again(target: Target, asked: Asked, by: str) -> bool:
    """What its author said last about it."""
    if not target.acts or target.acts[-1].by != by:
        return False
    act = target.acts[-1]
    if asked.verb == "confirm":
        return same(act.say, target.value) and same(act.saw, target.value)
    return bool(asked.says) and same(act.say, asked.says[0])


def _made(found: Resolution, target: Target, asked: Asked, by: str) -> Iterable[Review]:
    record = found.machine
    if target.kind == "stale":
        yield from _of_stale(record, target, asked, by)
    elif asked.verb == "add":
        yield from _added(found, target, asked, by)
    elif target.kind == "issue":
        yield _act(record, ISSUES, target.value, target.value, by)
    elif target.kind in {"list", "cell_list"}:
        if _standing_in(found, target):
            raise ValueError("a list that holds values is not empty")
        yield _act(record, target.name, [], [], by)
    else:
        say = {"confirm": target.value, "deny": None}.get(asked.verb, asked.says[0] if asked.says else None)
        yield _act(record, target.name, target.value, say, by)


def _added(found: Resolution, target: Target, asked: Asked, by: str) -> Iterable[Review]:
    """What stands there is not added again; a form that was sent twice is passed over."""
    held = _standing_in(found, target)
    for say in asked.says:
        if any(same(say, one) or same_row(say, one) for one in held):
            last = found.acts[-1] if found.acts else None
            if last is not None and last.by == by and last.saw is None:
                continue
            raise TypedError(f"“{text_of(say)[:40]}”已经在其中")
        yield _act(found.machine, target.name, None, say, by)


def _standing_in(found: Resolution, target: Target) -> list[Any]:
    """The values of the list that a target stands for."""
    here: Any = found.record.values
    for step in target.path.split("/"):
        here = here[int(step)] if isinstance(here, list) else here[step]
    return list(here or [])


def _of_stale(record: Record, target: Target, asked: Asked, by: str) -> Iterable[Review]:
    """The old act is taken back; what counts instead is said of the value as it is now. Of a value that cannot be
    found nothing can be said."""
    old = target.acts[-1]
    if asked.verb != "confirm" and not target.path:
        raise ValueError("nothing to say it of")
    yield _back(old, by)
    if asked.verb == "correct" and isinstance(old.say, Mapping) != isinstance(asked.says[0], Mapping):
        raise ValueError("a row for a value")
    say = {"confirm": target.value, "insist": old.say}.get(asked.verb, asked.says[0] if asked.says else None)
    if target.is_single:
        yield _act(record, target.name, target.value, say, by)
    elif asked.verb != "confirm":
        yield _act(record, target.name, None, say, by)


def _act(record: Record, field: str, saw: Any, say: Any, by: str) -> Review:
    return Review(name_of(record), field, saw, say, by, now(), part=part_of(record))


def _back(act: Review, by: str) -> Review:
    return Review(act.document, act.field, act.say, act.saw, by, now(), part=act.part, takes_back=act.mark)
