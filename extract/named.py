"""Every unit a record names, as printed, with the unit it stands for: completed from its list (科协 after 市教育局 is
市科协), then told by the register relative to who issued the paper and when (domain.md §5)."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from extract.builder import Builder
from gongwen.record import Record
from gongwen.values.unit_entries import When, closed_name
from gongwen.values.unit_places import Place
from gongwen.values.unit_register import Register, Resolved
from gongwen.values.units import complete_names, is_bare, is_group, looks_like_unit
from gongwen.values.vocab import words

_FIELDS = ("issuers", "letterhead", "addressees", "copied_to", "hosts", "organizers", "co_organizers")
_OWN_RUNG = regex.compile(r"(?:团)?(自治区|省|市|县|区|州|盟|旗)(?=\p{Han}{2})")


def read_units(builder: Builder) -> None:
    """{printed name: unit it stands for}, the completed name where nothing more is known; and of group references the
    units they stood for."""
    record, register = builder.record, builder.rulebook.register
    issuer, place = _issuer(record, register)
    when = _when(record)
    rung = place.rung or _printed_rung(issuer)
    units: dict[str, str] = {}
    for names in _lists(record):
        for printed, full in zip(names, complete_names(names, rung, issuer), strict=True):
            if printed not in units:
                units[printed] = _resolve(register, printed, _own_part(full, rung, issuer), place, when).canonical
    record.values["units"] = units
    record.values["groups"] = {
        printed: members
        for printed in units
        if _is_many(printed) and (members := register.expand(printed, issuer, when))
    }


def unknown_units(record: Record, register: Register) -> list[str]:
    """Names, with what they lean on written out, that neither the register nor the rules of the genre know: what an
    office may add to its units. Group references are not among them."""
    _, place = _issuer(record, register)
    when = _when(record)
    found = dict.fromkeys(str(full) for full in record["units"].values())
    return [name for name in found
            if not _is_many(name) and register.at(name, place, when).how == "printed"]  # fmt: skip


_MANY = regex.compile(r"[省市县区州](?:（|级|直(?!属))|\p{Han}{0,6}县（区）")


def _is_many(name: str) -> bool:
    """Several units under one name: 县（区）妇联, 市直学校."""
    return is_group(name) or "、" in name or _MANY.match(name) is not None


def _issuer(record: Record, register: Register) -> tuple[str, Place]:
    """The first issuer, and the place of the first issuer or letterhead that tells one."""
    names = [*record["issuers"], *record["letterhead"]]
    places = (register.place_of(name) for name in names)
    return next(iter(names), ""), next((place for place in places if place.name), Place())


def _when(record: Record) -> When:
    for name in ("issue_date", "print_date", "publish_date"):
        if record[name]:
            return str(record[name])
    parts = record["number_parts"]
    return int(parts["year"]) if parts else None


def _printed_rung(issuer: str) -> str:
    """市 of an issuer that is printed 市科协 and listed nowhere."""
    match = _OWN_RUNG.match(closed_name(issuer))
    return match[1] if match else ""


def _own_part(full: str, rung: str, issuer: str) -> str:
    """市科普部 is no body of a city: under the state's ministries a bare 部 is a department of the issuer."""
    rest = full.removeprefix(rung) if rung else full
    if rest == full or not rest.endswith("部") or not is_bare(rest) or rest.endswith(words("units", "party_bodies")):
        return full
    return issuer + rest


def _resolve(register: Register, printed: str, full: str, place: Place, when: When) -> Resolved:
    """What is listed beats what is constructed, and a completed name the bare one that is printed (教育部)."""
    found = register.at(full, place, when)
    if full == closed_name(printed) or not (found.derived or found.how == "printed"):
        return found
    bare = register.at(printed, place, when)
    return found if bare.derived or bare.how == "printed" else bare


def _lists(record: Record) -> Iterator[list[str]]:
    for name in _FIELDS:
        yield record[name]
    for row in record["activities"]:
        for key in ("hosts", "organizers", "co_organizers"):
            yield row[key] or []
    for row in record["tasks"]:
        for key in ("lead", "responsible", "cooperate"):
            yield row[key] or []
    for row in record["contacts"]:
        yield [row["unit"]] if row["unit"] and looks_like_unit(row["unit"]) else []
