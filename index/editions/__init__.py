"""Editions: which official documents are copies or versions of each other. Derived: editions.db."""
