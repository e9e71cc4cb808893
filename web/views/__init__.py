"""One blueprint a matter."""
