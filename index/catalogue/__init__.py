"""The catalogue of facts: who did what when, by which paper, in tables that answer lists, counts and calendars."""
