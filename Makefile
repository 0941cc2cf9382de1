# Everything a developer types. It needs python3 (3.11 or newer), pip and make; nothing else.

.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
ROOMS := engine definitions activities storage workflows reports workers cli

# A pip configured for its user would install outside the virtual environment.
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup test faults check format lock demo bench up down clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 10

setup: $(READY) ## Make .venv with everything, from the hashed lock

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "termwise needs Python 3.11 or newer: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
	  || { echo "this Python cannot make virtual environments: install its venv package (Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

test: setup ## Run the tests; ARGS="-k word" for some of them
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

faults: setup ## Attack the log for some minutes; root also fills a disk, a C compiler also steps a clock
	$(BIN)/python -m pytest --timeout 600 -rs $(ARGS) tests/faults/long/attack_*.py

check: setup ## Format, lint, types, layers, dead code, dependencies: all but the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry .

format: setup ## Write the code as the formatter would
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

lock: setup ## Renew both locks from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-header --upgrade --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --all-extras -c requirements.lock pyproject.toml -o requirements-dev.lock

demo: setup ## Watch a moderation cycle of three schools go by
	$(BIN)/termwise demo

bench: setup ## Measure commands, appends and projections
	$(BIN)/python -m bench

up: setup ## Start the embedded servers, the worker and the UI
	$(BIN)/termwise up

down: setup ## Stop them; the data stay in .termwise
	$(BIN)/termwise down

clean: ## Delete what can be made again: .venv and caches, not .termwise
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* dist
	find $(ROOMS) tests bench -name __pycache__ -prune -exec rm -rf {} +
