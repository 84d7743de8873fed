# What a newcomer types. Everything runs from .venv; nothing is installed outside this folder.
PYTHON ?= python3
BIN := .venv/bin
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --quiet

.PHONY: setup demo test test-slow test-packaging test-docs test-browser check bench docs site lock clean

# install LOCK: only what the lock names, by its hash; then this checkout, editable. uv where it can reach the index, else pip.
define install
	@$(PYTHON) -c 'import sys; sys.exit("tadarag needs Python 3.11 or newer; say which one: make PYTHON=python3.12 setup") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@command -v uv >/dev/null || test -x $(BIN)/uv || { \
	  awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements.lock >.venv/uv.lock; \
	  $(BIN)/python -m pip install --quiet --require-hashes --no-deps -r .venv/uv.lock || echo "uv is not to be had; going on with pip"; }
	@export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || $(BIN)/python -m pip install --quiet --require-hashes -r $(1)
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
endef

setup:  ## .venv with everything that the tests and checks need
	$(call install,requirements.lock)

$(BIN)/tadarag:
	$(call install,requirements-core.lock)

demo: | $(BIN)/tadarag  ## three answers from the sample documents
	@$(BIN)/tadarag demo

test:  ## what must pass before every commit
	$(BIN)/python -m pytest -n 3 --dist loadfile -m "not slow and not packaging and not browser and not docs"

test-slow:  ## the long searches: random histories, many crash points
	$(BIN)/python -m pytest -m "slow and not browser"

test-packaging:  ## the wheel, built from the source archive, in an environment of its own
	$(BIN)/python -m pytest -m packaging

test-docs:  ## every block of README and docs that a reader would copy, with servers where it needs them, the examples of hosts, and the site
	$(BIN)/python -m pytest -n 2 --dist load -m docs

test-browser:  ## the studio in a real browser, screen by screen; also in the other sizes and colours with WHICH=browser, pictures with SCREENSHOTS=folder
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || ! command -v apt-get >/dev/null || \
	  { apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk; }
	$(BIN)/python -m pytest -n 2 --dist load tests/browser -m "$(or $(WHICH),browser and not slow)" $(if $(SCREENSHOTS),--screenshots $(SCREENSHOTS))

check:  ## style, types, import directions, and what the repository promises about itself
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/python -m pytest -q tests/unit/test_repository.py

bench:  ## costs on this machine; prints, asserts nothing
	@for benchmark in eval/benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python $$benchmark || exit 1; done

docs:  ## rewrite everything between "generated" markers
	$(BIN)/python -m tadarag.cli.reference
	$(BIN)/python docs/pictures/make_diagrams.py
	$(BIN)/python docs/generate.py

site: docs  ## the documentation as pages for the browser, in site/
	$(BIN)/python -m mkdocs build --strict

lock:  ## resolve again, as newly as pyproject.toml allows
	rm -f requirements.lock requirements-core.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(LOCK) --group test --group check --group build --group doors --group docs -o requirements.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(LOCK) --group build -c requirements.lock -o requirements-core.lock

clean:  ## remove what can be made again
	rm -rf .venv build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
