"""A fitted model opened: pure functions of (model, rows) to records."""
