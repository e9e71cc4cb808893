"""The tables of the catalogue. All of it is derived: from the records with people's words in place, and the rules.

Dates are ISO text where they are shown and whole numbers (20240908) where they are searched: a million roles must
answer a filter in 200 ms, which needs short index entries (docs/catalogue.md)."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, UniqueConstraint, text

REVISION = "1"
"""Goes up when the same records give other rows: a catalogue of another revision is rebuilt."""

META = MetaData()

COPY, PRINTED, DERIVED = 0, 1, 2
"""`shown` of a role: in a copy of a paper that stands elsewhere too; as printed; told by a rule (members of a group,
the unit of a post)."""

UNIT, PERSON = 0, 1
"""`kind` of a name."""

ROLES = (
    "issuer", "addressee", "copied", "host", "organizer", "co_organizer", "lead", "responsible", "cooperate", "due",
    "report_to", "member_unit", "contact_unit", "member", "contact", "signatory",
)  # fmt: skip
"""Roles in the order they are shown, those of units before those of persons; their place is the number in the table."""

PERSON_ROLES = ("member", "contact", "signatory")
UNIT_ROLES = ROLES[: -len(PERSON_ROLES)]


def _paper() -> Column[int]:
    return Column("paper", ForeignKey("papers.pk", ondelete="CASCADE"), nullable=False, index=True)


papers = Table(
    "papers", META,
    Column("pk", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("sha256", String, nullable=False, index=True),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("source", String, nullable=False),
    Column("number", String, nullable=False),
    Column("agency", String, nullable=False),
    Column("tail", String, nullable=False, index=True),  # year|serial of the number
    Column("title", String, nullable=False),
    Column("name", String, nullable=False),  # what is issued: the enclosure's own title
    Column("type", String, nullable=False),
    Column("issuers", JSON, nullable=False),
    Column("issuer", String, nullable=False, index=True),  # the first, by its one name
    Column("date", String, nullable=False, index=True),
    Column("year", Integer, nullable=False, index=True),  # of the plan, not of the file
    Column("theme", String, nullable=False),
    Column("time", String, nullable=False),
    Column("start", String, nullable=False),
    Column("end", String, nullable=False),
    Column("hosts", JSON, nullable=False),
    Column("task_count", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("identity", String, nullable=False, index=True),  # papers of one identity are copies
    Column("is_main", Integer, nullable=False),
    Column("stem", String, nullable=False),
    Index("papers_stem", "issuer", "stem"),
)  # fmt: skip

titles = Table(
    "titles", META,
    _paper(),
    Column("key", String, nullable=False, index=True),
    Column("is_own", Integer, nullable=False),  # else of an enclosure
)  # fmt: skip

names = Table(
    "names", META,
    Column("pk", Integer, primary_key=True),
    Column("kind", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("is_group", Integer, nullable=False),
    UniqueConstraint("kind", "name"),
)  # fmt: skip

spellings = Table(
    "spellings", META,
    Column("who", ForeignKey("names.pk"), primary_key=True),
    Column("printed", String, primary_key=True, index=True),
    Column("count", Integer, nullable=False),
)  # fmt: skip

roles = Table(
    "roles", META,
    Column("pk", Integer, primary_key=True),
    _paper(),
    Column("who", ForeignKey("names.pk"), nullable=False),
    Column("role", Integer, nullable=False),
    Column("year", Integer, nullable=False),  # 0: not known
    Column("first", Integer, nullable=False),  # 20240908; 0: not known
    Column("last", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("printed", String, nullable=False),
    Column("via", String, nullable=False),  # the group or post a derived role comes from
    Column("matter", String, nullable=False),  # title of the task or activity
    Column("time", String, nullable=False),
    Column("rank", String, nullable=False),  # of a person in a group: 组长
    Column("post", String, nullable=False),  # of a person
    Column("unit", String, nullable=False),  # of a person, by its one name
    Column("path", String, nullable=False),  # in the record: tasks/3/lead/0
    Column("of", String, nullable=False),  # the row it is of: tasks/3; '' for the paper as a whole
    Column("page", Integer),
    Column("cell", String, nullable=False),
    Column("start", Integer),
    Column("end", Integer),
    Column("quote", String, nullable=False),
    # Each holds all that filters ask for, so that rows are fetched only for the page that is shown.
    Index("roles_who", "who", "first", "role", "year", "shown", "last"),
    Index("roles_role", "role", "first", "year", "shown", "last"),
    Index("roles_year", "year", "first", "role", "shown", "last"),
    Index("roles_first", "first", "role", "year", "shown", "last"),
    Index("roles_unit", "unit", "first", sqlite_where=text("unit != ''")),
)  # fmt: skip

tallies = Table(
    "tallies", META,
    Column("who", Integer, primary_key=True),
    Column("role", Integer, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("shown", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

tasks = Table(
    "tasks", META,
    _paper(),
    Column("row", Integer, nullable=False),
    Column("group", String, nullable=False),
    Column("title", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("lead", JSON, nullable=False),
    Column("responsible", JSON, nullable=False),
    Column("cooperate", JSON, nullable=False),
    Column("time", String, nullable=False),
    Column("start", String, nullable=False),
    Column("end", String, nullable=False),
    Column("targets", String, nullable=False),
    Column("location", String, nullable=False),
    Column("twin", Integer),  # the row of the same paper that tells of the same task
    Column("page", Integer),
)  # fmt: skip

activities = Table(
    "activities", META,
    Column("pk", Integer, primary_key=True),
    _paper(),
    Column("path", String, nullable=False),  # activities/2, or activity_time for the whole
    Column("title", String, nullable=False),
    Column("time", String, nullable=False),
    Column("start", String, nullable=False, index=True),
    Column("end", String, nullable=False),
    Column("precision", String, nullable=False),
    Column("location", String, nullable=False),
    Column("hosts", JSON, nullable=False),
    Column("organizers", JSON, nullable=False),
    Column("page", Integer),
)  # fmt: skip

deadlines = Table(
    "deadlines", META,
    Column("pk", Integer, primary_key=True),
    _paper(),
    Column("row", Integer, nullable=False),
    Column("date", String, nullable=False),
    Column("text", String, nullable=False),
    Column("recurrence", String, nullable=False),
    Column("who", JSON, nullable=False),
    Column("action", String, nullable=False),
    Column("to", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("page", Integer),
)  # fmt: skip

due_days = Table(
    "due_days", META,
    Column("deadline", ForeignKey("deadlines.pk", ondelete="CASCADE"), nullable=False, index=True),
    Column("day", String, nullable=False, index=True),
    Column("is_estimated", Integer, nullable=False),  # the year's holidays are not known yet
)  # fmt: skip

citations = Table(
    "citations", META,
    Column("pk", Integer, primary_key=True),
    _paper(),
    Column("row", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("number", String, nullable=False),
    Column("agency", String, nullable=False),
    Column("tail", String, nullable=False, index=True),
    Column("key", String, nullable=False, index=True),
    Column("organs", String, nullable=False),  # what stands in front of 关于 in the title
    Column("relation", String, nullable=False),
    Column("alias", String, nullable=False),
    Column("state", String, nullable=False, index=True),  # found, several, missing
    Column("page", Integer),
)  # fmt: skip

links = Table(
    "links", META,
    Column("citation", ForeignKey("citations.pk", ondelete="CASCADE"), primary_key=True),
    Column("paper", ForeignKey("papers.pk", ondelete="CASCADE"), primary_key=True, index=True),
)  # fmt: skip

stems = Table(
    "stems", META,
    Column("issuer", String, primary_key=True),
    Column("stem", String, primary_key=True),
    Column("chief", String, nullable=False),  # the stem that stands for the series
    Column("key", String, nullable=False, unique=True),  # of issuer and stem, for addresses
    Index("stems_chief", "issuer", "chief"),
)  # fmt: skip

alike = Table(
    "alike", META,
    Column("issuer", String, primary_key=True),
    Column("one", String, primary_key=True),
    Column("other", String, primary_key=True),
    Column("likeness", Float, nullable=False),
)  # fmt: skip

issues = Table(
    "issues", META,
    _paper(),
    Column("field", String, nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("message", String, nullable=False),
)  # fmt: skip
