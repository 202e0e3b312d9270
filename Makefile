# Set-up, demo and tests on a fresh machine. Needs Python 3.11+, make and the package registries.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: demo test lint types unit browser clean

demo: $(STAMP)
	$(BIN)/align demo

test: lint types unit

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

unit: $(STAMP) browser
	$(BIN)/pytest

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $(STAMP)

# The report is tested in a real browser, with Korean fonts: Debian's packages, installed where they are missing.
browser:
	@command -v chromium >/dev/null && fc-list :lang=ko 2>/dev/null | grep -q . || \
		{ echo "installing chromium and Korean fonts"; \
		  sudo=$$(command -v sudo || true); \
		  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq chromium fonts-noto-cjk; }

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
