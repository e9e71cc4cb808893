"""Each writer prints a Paper in one format. The same paper gives the same bytes on every run."""
