"""What orders hits beside BM25 of their words; the same in every engine."""

from __future__ import annotations

OWN_NUMBER = 1000.0  # the paper itself before papers that cite it
TITLE = 10.0  # more than BM25 gives to any word of a text; a title that is all query gets it twice
ROLE = 20.0
IN_DATE = 3.0
K1, B = 1.2, 0.75  # of BM25; tantivy's are the same
