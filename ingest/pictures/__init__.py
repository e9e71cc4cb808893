"""Pages of originals as pictures: drawn in a child of the sandbox, kept in CORPUS/pictures."""
