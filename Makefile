# The commands of a developer's day. `make run` and `make test` do all the set-up they need with
# nothing but make and Python 3.11 or newer (with pip and venv).

PYTHON ?= python3
PORT ?= 8080
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FRONTEND := static/ui/.built
PACKAGES := common expressions storage plugins rest audit tenants rbac secrets/kestra_secrets \
            flows executions ui kestra_site

.PHONY: install hooks run test test-full check bench chaos build services screenshots locks openapi

install: $(STAMP) $(FRONTEND)

$(STAMP): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with make PYTHON=…"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(MAKE) --no-print-directory hooks
	@touch $@

# A push runs `make check` first (.githooks/). Where hooks are chosen already they are left alone.
hooks:
	@if [ -e .git ] && [ -z "$(CI)" ] && ! git config --get core.hooksPath >/dev/null \
	  && [ -z "$$(find "$$(git rev-parse --git-path hooks)" -type f ! -name '*.sample' 2>/dev/null)" ]; \
	then git config core.hooksPath .githooks; fi

# Front end: with the machine's Node, else with that of PyPI. The tool looks at the sources itself.
$(FRONTEND): $(STAMP) $(shell find frontend templates ui -type f \
    -not -path '*/node_modules/*' -not -path '*/__pycache__/*')
	$(BIN)/python tools/frontend.py
	@touch $@

# One server with all parts on SQLite; what it keeps is in data/.
run: install
	$(BIN)/kestra server local --port $(PORT) --data-dir data

test: install
	$(BIN)/pytest -n $(WORKERS) -m "not slow"

test-full: install
	$(BIN)/pytest -n $(WORKERS)

# Format, lint, types, arrows, missing migrations, the API's description, licences.
check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(PACKAGES)
	$(BIN)/lint-imports
	DATABASE_URL=sqlite:// $(BIN)/kestra makemigrations --check --dry-run
	$(BIN)/python tools/openapi.py --check
	$(BIN)/python tools/licences.py
	$(BIN)/python tools/frontend.py --check

# Every figure beside its floor, on servers of its own: a table here and in docs/benchmarks.md.
# FIGURE="T1 T2" measures only those, and leaves the page alone.
bench: install
	$(BIN)/python -m benchmarks $(FIGURE)

# Load for SECONDS while processes die; any violation is an error. Without SEED it is drawn;
# PLANT=no-epoch-check (docs/chaos.md) must end with violations.
SECONDS ?= 60
chaos: install
	$(BIN)/python -m chaos --seconds $(SECONDS) $(if $(SEED),--seed $(SEED)) \
	  $(if $(PLANT),--plant $(PLANT))

# The wheel and the source archive, and a look at what is in them.
build: install
	$(BIN)/python tools/build.py

# Every page at three widths in both themes, into docs/screenshots/. PAGES="flows sign-in" makes
# only those.
screenshots: install
	$(BIN)/python tools/screenshots.py $(PAGES)

# PostgreSQL, Redis and the four kinds of processes in one terminal.
services: install
	$(BIN)/python tools/services.py --port $(PORT)

# Versions and hashes of everything that gets installed; after a change of pyproject.toml.
locks:
	uv pip compile pyproject.toml --universal --python-version 3.11 \
	  --generate-hashes --no-header --quiet --output-file requirements/runtime.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --quiet --output-file requirements/dev.lock
	uv pip compile --group pyproject.toml:node --universal --python-version 3.11 \
	  --generate-hashes --no-header --quiet --output-file requirements/node.lock

# The API's description, which `make check` compares.
openapi: install
	$(BIN)/python tools/openapi.py
