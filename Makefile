# `make` or `make help` tells what there is.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
DEVSTACK := $(PYTHON) -m devstack
PACKAGES := portal offboarding accounts tokens audit workqueue bitbucket
# Words after the runner: make test ARGS="tests/audit -k chain"
ARGS ?=
export PORT SANDBOX_PORT SANDBOX_SSH_PORT

.PHONY: help .venv demo demo-reset test faults bench-faults story bench lint format requirements screenshots secrets clean

help: ## tell what there is
	@grep -hE '^[a-z.][a-z.-]*:.*##' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z.-]+):.*## */  make \1|/' | awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'

.venv: ## make or refresh the virtual environment
	@command -v python3 >/dev/null || { echo "There is no python3 on the PATH: install Python 3.11 or newer." >&2; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "The portal needs Python 3.11 or newer; the python3 on the PATH is `python3 -V 2>&1`." >&2; exit 1; }
	@python3 devstack/bootstrap.py

demo: .venv ## start the portal, the sandbox, all processes and servers; Ctrl-C stops them (PORT, SANDBOX_PORT, SANDBOX_SSH_PORT)
	@$(DEVSTACK) demo --with-parent

demo-reset: .venv ## forget the demo's data
	@$(DEVSTACK) demo-reset

test: .venv ## run the tests: logic, pages, the story in a real browser; all but those of `make faults` (ARGS are pytest's)
	@$(DEVSTACK) test $(ARGS)

faults: .venv ## kill processes, stop servers, break the network, with short leases and outages (ARGS are pytest's)
	@$(DEVSTACK) faults $(ARGS)

bench-faults: .venv ## the same with real leases, sweeps and outages, and a thousand kills; takes long
	@FAULTS_REAL_TIMES=1 $(DEVSTACK) faults $(ARGS)

story: .venv ## tell the whole story headless, step by step
	@$(DEVSTACK) story

bench: .venv ## measure beside a peer, print ratios
	@$(PYTHON) -m bench.resolve_calls
	@$(PYTHON) -m bench.listing
	@$(PYTHON) -m bench.inventory
	@$(PYTHON) -m bench.offboarding

lint: .venv ## check style, types, the order of the rooms, templates, insecure patterns and missing migrations
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m djlint templates --lint --quiet
	$(PYTHON) -m bandit --quiet --recursive --configfile pyproject.toml $(PACKAGES)
	PORTAL_PROCESS=cli $(DEVSTACK) services -- $(PYTHON) manage.py makemigrations --check --dry-run

format: .venv ## put the code into its usual shape
	$(PYTHON) -m ruff check --fix-only --quiet .
	$(PYTHON) -m ruff format .

requirements: .venv ## pin the requirement files anew from the .in files
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade requirements-bootstrap.in -o requirements-bootstrap.txt
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade requirements.in -o requirements.txt
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade requirements-dev.in -o requirements-dev.txt

screenshots: .venv ## take the pictures in docs/screenshots anew
	@$(DEVSTACK) screenshots

secrets: ## make the secret files that docker-compose.yml mounts; keeps those that are there
	@python3 devstack/compose_secrets.py

clean: ## remove the virtual environment, caches and what the demo keeps, outside the checkout too
	@if [ -x $(PYTHON) ]; then $(DEVSTACK) clean; fi
	rm -rf .venv .demo .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
