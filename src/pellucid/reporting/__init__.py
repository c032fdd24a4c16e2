"""One self-contained HTML page about a model and what it is worth."""
