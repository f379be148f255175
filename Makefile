# make demo: set everything up and audit the embedded lab; leaves three HTML reports in demo/.
# make test: set everything up and run every check that a change must pass.
# Another Python: make PYTHON=python3.12 demo

PYTHON ?= python3
export PYTHON := $(shell command -v $(PYTHON) || echo $(PYTHON))
export PATH := $(CURDIR)/.venv/bin:$(PATH):/usr/sbin:/sbin

.PHONY: demo test lint format types pytest messages reference benchmarks clean packages-demo packages-test

demo: packages-demo .venv/run.stamp
	tools/demo.sh

# With --keep-going all of these run, whichever fails.
test: lint format types pytest

lint: .venv/dev.stamp
	ruff check .

format: .venv/dev.stamp
	ruff format --check .

types: .venv/dev.stamp
	mypy

pytest: .venv/dev.stamp
	tools/as_root.sh python -m pytest

# The catalogues of seppcheck/locale; names what is left to translate.
messages: .venv/dev.stamp
	python -m tools.messages

# docs/reference/api.md, from the docstrings.
reference: .venv/dev.stamp
	python -m tools.reference

benchmarks: .venv/dev.stamp
	python -m benchmarks.startup
	python -m benchmarks.reports
	python -m benchmarks.dns_audit

clean:
	rm -rf .venv build dist demo seppcheck-lab .mypy_cache .pytest_cache .ruff_cache .hypothesis

packages-demo packages-test: packages-%:
	@tools/packages.sh $*

.venv/run.stamp: pyproject.toml tools/venv.sh | packages-demo
	tools/venv.sh run
	@touch $@

.venv/dev.stamp: pyproject.toml tools/venv.sh | packages-test
	tools/venv.sh dev
	@touch $@ .venv/run.stamp
