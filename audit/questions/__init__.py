"""The questions an auditor asks, each a function that gives rows with evidence."""

from audit.questions import changes, duties, leads, members, papers, plans, units
from audit.questions.asked import Asked, Question

QUESTIONS: dict[str, Question] = {
    one.key: one
    for one in (
        leads.QUESTION,
        units.QUESTION,
        duties.QUESTION,
        members.QUESTION,
        changes.QUESTION,
        papers.MISSING_QUESTION,
        papers.NUMBERS_QUESTION,
        plans.UNASSIGNED_QUESTION,
        plans.DIFFERS_QUESTION,
    )
}
"""By key, in the order they are offered."""

__all__ = ["QUESTIONS", "Asked", "Question"]
