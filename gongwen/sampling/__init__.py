"""Made-up official documents with gold records: the public sample, and large sets for tests and benches.

Each text is a manuscript (texts/*.yml) whose marks say what a value is: the printed text and the gold record come from
the same marks, so the gold needs no reading. Nothing here is imported by another room; only the command line uses it.
"""
