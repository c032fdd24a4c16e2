# Everything runs inside .venv; `make setup` builds it when it is missing or pyproject.toml has changed.

BIN := .venv/bin
# The first Python of at least 3.11 that can make environments; `make setup PYTHON=...` takes another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; \
	done)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench road docs

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

setup: .venv/.stamp ## build .venv with the package and its development tools

.venv/.stamp: pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "pellucid needs Python 3.11 or newer with the venv module; none was found." >&2; \
		echo "On Debian or Ubuntu: apt-get install python3 python3-venv. Or: make setup PYTHON=/path/to/python" >&2; \
		exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "building .venv (a minute or two)"; $(PYTHON) -m venv --clear .venv; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: setup ## train on the bundled Titanic table, into a fresh folder
	@folder=$$(mktemp -d "$${TMPDIR:-/tmp}/pellucid.XXXXXX") && \
		$(BIN)/pellucid train titanic --target Survived --out "$$folder/titanic" && \
		echo "Everything of this run is in $$folder/titanic"

check: setup ## lint, format and types
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

test: check ## all checks and all tests
	@$(BIN)/python -m pytest -n 2 -q

bench: .venv/.bench-stamp ## speed and memory beside other libraries; renews docs/benchmarks.md and docs/scaling.md
	@for part in training fixed_costs prediction scaling; do \
		echo "== benchmarks/$$part.py"; $(BIN)/python benchmarks/$$part.py --write || exit 1; \
	done

.venv/.bench-stamp: .venv/.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@

road: setup ## quality on the real tables in ../shared/data
	@$(BIN)/python benchmarks/road.py

docs: setup ## build the documentation into build/site and run every example in it
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "The documentation is in build/site/index.html"
	@$(BIN)/python -m pytest -q tests/docs
