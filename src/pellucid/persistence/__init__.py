"""A model as one small, safe file."""
