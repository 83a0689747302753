# The doors of the project. `make run` needs Python 3.11 or newer and make, nothing else.

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --no-input install -qq
PYTEST := $(PYTHON) -m pytest
SERVERS := $(PYTHON) -m apps.testbed
UV := uv==0.13.8

.PHONY: help run setup test test-quick check bench lock clean chromium
.DELETE_ON_ERROR:

help: ## list the doors
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: $(VENV)/installed ## start the whole site; Ctrl-C stops it (PORT, HOST, DATA_DIR)
	@exec $(PYTHON) manage.py up

setup: $(VENV)/installed-dev ## make .venv with everything

# What measures has the machine for itself. The browser keeps an event loop in its process, in which asyncio.run() and
# parsers of other tests fail: a pass of its own.
test: setup chromium ## run every test
	@failed=0; \
	$(PYTEST) -n 2 --dist worksteal -m "not browser and not faults and not measured" || failed=1; \
	$(PYTEST) -p no:xdist -m "measured and not browser and not faults" || failed=1; \
	$(PYTEST) -n 2 --dist worksteal -m browser || failed=1; \
	$(PYTEST) -m faults -p no:xdist || failed=1; \
	exit $$failed

test-quick: setup ## run the tests that need no browser, kill nothing and measure nothing
	@$(PYTEST) -n 2 --dist worksteal -m "not browser and not faults and not measured"

check: setup ## style, types, migrations, content, architecture
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	DEBUG=1 LOG_LEVEL=WARNING $(SERVERS) $(PYTHON) manage.py makemigrations --check --dry-run
	DEBUG=1 LOG_LEVEL=WARNING $(SERVERS) $(PYTHON) manage.py lintmigrations --no-cache
	$(PYTHON) manage.py content check
	$(PYTEST) -q tests/test_architecture.py tests/test_house_rules.py

bench: setup ## measure, each figure beside a reference
	$(PYTHON) -m bench

lock: setup ## resolve the requirements anew, with hashes, for every platform
	$(PIP) '$(UV)'
	$(PYTHON) -m uv pip compile --quiet --no-header --universal --generate-hashes --upgrade --python-version 3.11 \
		pyproject.toml -o requirements.txt
	$(PYTHON) -m uv pip compile --quiet --no-header --universal --generate-hashes --upgrade --python-version 3.11 \
		pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean: ## remove what can be made again; your data in .data stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis test-results
	find apps bench config tests -name __pycache__ -type d -prune -exec rm -rf {} +

chromium: # the browser tests drive the system's Chromium
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null; \
	else \
		echo "The browser tests need Chromium: install the package chromium, or put google-chrome on PATH."; exit 1; \
	fi

$(VENV)/installed: requirements.txt
	@$(make_venv)
	@echo "Installing packages into $(VENV), once."
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt
	@$(make_venv)
	@echo "Installing packages into $(VENV), once."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $(VENV)/installed $@

# Find a Python that will do and make the environment with it, unless a working one is there.
define make_venv
if $(PYTHON) -m pip --version >/dev/null 2>&1; then exit 0; fi; \
for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	found=$$python; \
	$$python -c 'import ensurepip, venv' 2>/dev/null && exec $$python -m venv --clear $(VENV); \
done; \
if [ -n "$$found" ]; then \
	echo "$$found has no venv module: install it (on Debian and Ubuntu the package $$found-venv), then run make again."; \
else \
	echo "Tradeoff needs Python 3.11 or newer and found none: install it, then run make again."; \
fi; exit 1
endef
