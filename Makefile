# make demo: the whole main job on bundled sites. make test: every test. make setup: the environment alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Debian keeps venv in a package of its own; root gets it installed, others are told.
VENV_HELP = if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); \
	else echo "Python's venv is missing: apt install python3-venv" >&2; exit 1; fi

AUDIT := .venv-audit

.PHONY: setup demo test lint quality reference docs audit sbom clean
.DELETE_ON_ERROR:

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); $(VENV_HELP); }
	@echo "Installing at most $$(grep -c == constraints.txt) packages into $(VENV): some minutes, once."
	$(BIN)/python -m pip install $$(test -t 2 || echo --quiet) --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $(STAMP)

demo: setup
	$(BIN)/clusterwatch demo

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

quality: setup
	$(BIN)/python -m pytest tests/quality -q -s

# The pages that are written from the code: commands and configuration.
reference: setup
	$(BIN)/python -m crawler.config.reference > docs/configuration.md
	$(BIN)/python -c 'from crawler.__main__ import application as a; from crawler.cli.reference import reference; print(reference(a()), end="")' > docs/commands.md

# The documentation as a site, in site/.
docs: setup
	$(BIN)/python -m mkdocs build --strict

# Known weaknesses of the pinned libraries; asks the advisory service, so it needs the internet.
audit: $(AUDIT)/.installed
	$(AUDIT)/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip

# What an installation consists of, as CycloneDX; needs no network.
sbom: setup $(AUDIT)/.installed
	$(AUDIT)/bin/cyclonedx-py environment $(BIN)/python --pyproject pyproject.toml --output-file sbom.json

$(AUDIT)/.installed:
	test -x $(AUDIT)/bin/python || $(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit==2.10.0' 'cyclonedx-bom==7.5.0'
	touch $@

clean:
	rm -rf $(VENV) $(AUDIT) sbom.json site build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache demo-out
