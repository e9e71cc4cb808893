"""The checker: what a second pair of eyes finds in a paper before it is signed, each at its place with its rule."""
