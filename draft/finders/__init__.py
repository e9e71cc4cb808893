"""What moves from year to year in a sentence: one module a family of findings. Order matters: see draft.sentences."""
