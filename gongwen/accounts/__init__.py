"""Accounts: who may use the site, kept in CORPUS/users.db. Human data: never derived, never touched by `rebuild`."""
