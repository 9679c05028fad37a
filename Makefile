# Every target sets up what it needs. `make demo` and `make test` are all that a newcomer has to know.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORE := $(VENV)/.core
READY := $(VENV)/.ready
OUT ?= $(if $(wildcard data/public/nianbao.db),data/public,data/demo/public)
PORT ?= 8001
NIGHT ?=

.PHONY: setup demo quick test check format lint types docs crawl night browse bench new-source clean

setup: $(READY)

$(CORE): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "nianbao needs Python 3.11 or newer, and $(PYTHON) is" \
	    "$$($(PYTHON) -V 2>&1 || true); give another one: make setup PYTHON=python3.12" >&2; exit 2; }
	@echo "Once, the packages of pyproject.toml into $(VENV):"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; \
	    rm -rf $(VENV); exit 2; }
	@$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(READY): $(CORE)
	@echo "Once, what the tests need beside them:"
	@$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e '.[cluster,ocr,test]'
	@touch $@

demo: $(CORE)
	$(BIN)/nianbao demo

# What a developer runs on each change: no server, no process, no browser.
quick: $(READY)
	$(BIN)/python -m pytest -n 2 tests/unit

test: $(READY)
	$(BIN)/python -m pytest -n 2 --durations=25

check: format lint types test docs

format: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

docs: $(READY)
	$(BIN)/python -m pytest -n 0 tests/e2e/test_docs.py

crawl: $(CORE)
	$(BIN)/nianbao crawl

night: $(CORE)
	$(BIN)/nianbao night $(NIGHT)

browse: $(CORE)
	@test -e $(OUT)/nianbao.db || $(BIN)/nianbao demo
	$(BIN)/nianbao browse --out $(OUT) --port $(PORT)

bench: $(READY)
	$(BIN)/python -m benchmarks

# make new-source URL=http://www.example.gov.cn/zfxxgknb/ (docs/add-a-source.md)
new-source: $(CORE)
	@test -n "$(URL)" || { echo "make new-source needs a URL: make new-source URL=http://…" >&2; exit 2; }
	$(BIN)/python -m crawler.checks.fixtures "$(URL)" $(SOURCE)

clean:
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
