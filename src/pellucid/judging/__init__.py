"""Judging: many fits and what they mean."""
