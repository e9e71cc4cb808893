"""A draft as people work on it: what was made, every act on it, what stands now."""
