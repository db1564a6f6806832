# On Record. `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check words bench bench-matching bench-spark lock

# The tests start many processes: what one compiled the next should find.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8080
PYTHON := .venv/bin/python
# A server and a browser stand beside each worker, so more workers than this gain nothing on two cores.
WORKERS ?= 2
SEED ?= fixed
SIZE ?= 1000000
REPORTS ?=
WRITE ?=
LOCKING := UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --quiet \
	--universal --python-version 3.11 --generate-hashes

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

run: ## start the site with demonstration data, on http://127.0.0.1:8080 (another port: make run PORT=9000)
	@.ci/environment requirements.lock
	@exec env ON_RECORD_DEMONSTRATION=1 .venv/bin/flask --app wsgi demonstration --port "$(PORT)"

test: ## every check and every test, with a real PostgreSQL and a real Chromium
	@.ci/environment requirements-dev.lock
	@.ci/tools
	@$(MAKE) --no-print-directory check
	@$(PYTHON) -m pytest -n "$(WORKERS)" --dist loadfile --no-loadscope-reorder --tb=short

check: ## format, lint, types, and the shape of the code
	@.ci/environment requirements-dev.lock
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@$(PYTHON) -m pytest --tb=short tests/promises/test_layers.py tests/promises/test_shape.py

words: ## bring portal/languages/cy.po up to date, and say what has no Welsh yet
	@.ci/environment requirements.lock
	@$(PYTHON) -m portal.languages.collecting

bench: ## measure what the project promises about speed and memory
	@.ci/environment requirements-dev.lock
	@for script in tests/benchmarks/bench_*.py; do \
		echo "== $$script"; \
		PYTHONPATH=. $(PYTHON) "$$script"; \
	done

bench-matching: ## measure the matching beside its peers (other data: SEED=random; smaller: SIZE=100000)
	@.ci/environment requirements-bench.lock .venv-bench
	@PYTHONPATH=. .venv-bench/bin/python -m tests.benchmarks.matching.run --seed "$(SEED)" --size "$(SIZE)" \
		$(if $(REPORTS),--reports $(REPORTS)) $(WRITE)

bench-spark: ## run the matching's SQL on Spark beside DuckDB, on a small sample (needs Java 17 or later)
	@command -v java >/dev/null || { echo "make bench-spark needs Java 17 or later: apt-get install default-jre-headless" >&2; exit 1; }
	@.ci/environment requirements-spark.lock .venv-spark
	@PYTHONPATH=. .venv-spark/bin/python -m tests.benchmarks.matching.on_spark

lock: ## write all lock files again from pyproject.toml (newer versions: make lock UPGRADE=--upgrade)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	@$(LOCKING) $(UPGRADE) --output-file requirements.lock
	@$(LOCKING) $(UPGRADE) --constraint requirements.lock --group dev --output-file requirements-dev.lock
	@$(LOCKING) $(UPGRADE) --constraint requirements.lock --group bench --output-file requirements-bench.lock
	@$(LOCKING) $(UPGRADE) --constraint requirements.lock --group spark --output-file requirements-spark.lock
