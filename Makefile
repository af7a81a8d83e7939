# erpdesk: one command each. `make run` and `make test` work alone on a fresh machine; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
export PYTHON
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= 2
VOUCHERS ?= 100000
SCREEN := xvfb-run --auto-servernum --server-args="-screen 0 1366x768x24"
# Widgets are tested on Qt's offscreen platform; the few tests that need real key events ask for xcb themselves.
PYTEST := QT_QPA_PLATFORM=offscreen $(SCREEN) $(BIN)/pytest

.PHONY: help install run test check lint types imports schema architecture bench key-paths soak test-long coverage mutation-score \
        package lock screenshots words clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

install: $(INSTALLED) ## make the virtual environment from the locked, hashed dependencies

$(INSTALLED): packaging/requirements-dev.lock packaging/system-packages.sh pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("erpdesk needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@packaging/system-packages.sh run
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r packaging/requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: install ## start the program with the demo company; without a display: pictures and a trial balance
	@$(BIN)/python packaging/run.py

test: install ## run the tests, without the long ones
	@packaging/system-packages.sh test
	$(PYTEST) -n $(WORKERS) --dist loadgroup -m "not long"

check: lint types imports architecture schema ## what holds without running the program: style, types, layers, schema

lint: install
	$(BIN)/ruff check

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports

architecture: install
	$(BIN)/pytest -q -p no:cacheprovider tests/architecture

schema: install
	$(BIN)/python packaging/schema_check.py

bench: install ## measure what the bars name; prints a table with the machine's yardstick
	@packaging/system-packages.sh test
	PYTHONPATH=tests QT_QPA_PLATFORM=offscreen $(SCREEN) $(BIN)/python -m benchmarks

key-paths: install ## record anew which fields the cursor visits in each voucher type (after a change that is meant)
	ERPDESK_RECORD_KEY_PATHS=1 QT_QPA_PLATFORM=offscreen $(BIN)/pytest -q -n0 tests/ui/test_key_path_recordings.py

soak: install ## random vouchers from several desks, killed and cut off, then verification (VOUCHERS=100000)
	@packaging/system-packages.sh test
	ERPDESK_SOAK_VOUCHERS=$(VOUCHERS) $(BIN)/pytest -n0 -s tests/faults/test_soak.py

test-long: install ## everything, the long tests too
	@packaging/system-packages.sh test
	$(PYTEST) -n $(WORKERS) --dist loadgroup

# What passes through domain, blueprints and posting: tests of the rooms themselves, and of doors that lead there.
COVERING := tests/unit tests/conformance tests/integration tests/scenarios

coverage: install ## measure branch coverage of domain, blueprints, posting; fails below 95 %
	@packaging/system-packages.sh test
	rm -rf build/coverage && mkdir -p build/coverage
	$(PYTEST) -q -n $(WORKERS) --dist loadgroup -m "not long" --cov --cov-config=packaging/coverage.ini --cov-report= --cov-fail-under=0 $(COVERING)
	$(BIN)/coverage report --rcfile=packaging/coverage.ini

MUTATION := build/mutation/venv

$(MUTATION)/.installed: packaging/requirements-mutation.lock
	$(PYTHON) -m venv $(MUTATION)
	$(MUTATION)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@touch $@

mutation-score: $(MUTATION)/.installed ## measure the domain's tests by mutants; fails below 85 %
	$(MUTATION)/bin/python packaging/mutation.py --workers $(WORKERS)

attacks: install ## raw SQL and forged posts against every invariant, the long ones too; says how often each is attacked
	$(PYTEST) -n $(WORKERS) --dist loadgroup tests/attacks

faults: install ## desks at once, cut lines, killed programs and servers, the long ones too
	$(PYTEST) -n $(WORKERS) --dist loadgroup tests/faults tests/integration/test_posting_concurrency.py

mutation: install ## take each lock, constraint, check, policy, trigger and right away; the test that notices
	PYTHONPATH=tests $(BIN)/python -m helpers.mutation_run

words: install ## collect the texts that people see into resources/translations; lists what lacks a translation
	PYTHONPATH=tests QT_QPA_PLATFORM=offscreen $(BIN)/python -m helpers.source_texts

package: install ## build the wheel and the source archive into dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist

lock: ## resolve the dependencies again and write the lock files (UPGRADE=1 takes newer versions)
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools
	build/lock/bin/python packaging/lock.py $(if $(UPGRADE),--upgrade)
	rm -rf build/lock

screenshots: install ## draw the pictures of docs/screens anew, and their page
	rm -f docs/screens/*.png
	QT_QPA_PLATFORM=offscreen $(BIN)/python packaging/run.py --render docs/screens
	QT_QPA_PLATFORM=offscreen QT_SCALE_FACTOR=2 $(BIN)/erpdesk --render docs/screens light dark
	$(BIN)/python packaging/gallery.py
	ERPDESK_PICTURES=docs/petrol-slip QT_QPA_PLATFORM=offscreen $(BIN)/pytest -q -n0 tests/ui/test_petrol_slip.py

clean: ## remove what was built; the environment and the company data stay
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests migrations packaging -name __pycache__ -prune -exec rm -rf {} +
