# make help lists the targets. PYTHON picks the interpreter (3.11 or newer).
PYTHON   ?= python3
HOST     ?= 127.0.0.1
PORT     ?= 8000
INSTANCE ?= $(CURDIR)/instance
export HOST PORT INSTANCE

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help install run test lint bench audit screenshots catalogs editor lock clean

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

install: $(VENV)/installed ## make .venv with the pinned packages

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which with PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt $(VENV)/bin/python
	@echo "Setting up $(VENV) (once) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-test: requirements-test.txt $(VENV)/installed
	@$(PIP) -r requirements-test.txt
	@touch $@

$(VENV)/installed-bench: requirements-bench.txt $(VENV)/installed
	@$(PIP) -r requirements-bench.txt
	@touch $@

run: $(VENV)/installed ## serve the portal with demo content: HOST, PORT and INSTANCE are honoured
	@exec $(BIN)/flask --app portal serve

test: $(VENV)/installed-test ## everything that must be true: lint, types, imports, behaviour, browser
	@BIN=$(BIN) tests/run

lint: $(VENV)/installed-test ## ruff, mypy --strict, import-linter
	@BIN=$(BIN) tests/lint

bench: $(VENV)/installed-bench $(VENV)/installed-test ## speed as ratios, in one run (needs wrk and Chromium)
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.many
	@$(BIN)/python -m bench.desk
	@$(BIN)/python -m bench.writing
	@$(BIN)/python -m bench.uploads

audit: $(VENV)/installed ## Lighthouse (needs Node and Chromium)
	@bench/audit

screenshots: $(VENV)/installed-test ## take the README's pictures anew
	@$(BIN)/python docs/screenshots

catalogs: $(VENV)/installed ## collect interface texts anew and compile the catalogs
	@$(BIN)/pybabel -q extract -F portal/translations/babel.cfg -k _ -k _l -k ngettext:1,2 --no-wrap --sort-output --add-location file -o $(VENV)/messages.pot .
	@$(BIN)/pybabel -q update -i $(VENV)/messages.pot -d portal/translations --no-fuzzy-matching --ignore-obsolete --width 100 --ignore-pot-creation-date
	@$(BIN)/pybabel -q compile -d portal/translations

editor: ## bundle the editor of static/js/writing anew (needs Node)
	@mkdir -p build/editor
	@cp static/vendor/editor/package.json static/vendor/editor/package-lock.json static/vendor/editor/bundle.mjs build/editor/
	@cd build/editor && npm ci --silent --no-audit --no-fund --ignore-scripts && node bundle.mjs

lock: $(VENV)/bin/python ## pin anew, with hashes, from the ranges in setup.cfg
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
	@for part in "" test bench; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    $${part:+--extra $$part} setup.cfg -o requirements$${part:+-$$part}.txt; done

clean: ## remove .venv and what tests left
	@rm -rf $(VENV) tests/output .mypy_cache .ruff_cache .hypothesis
