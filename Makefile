# `make demo` tags and compares the sample reports; `make test` runs the tests. Both make .venv themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FFM := $(BIN)/ffm
DEMO := build/demo
STANDING ?= models/ffm-en
SHARED := $(wildcard ../shared/raw_text)
export FFM_RAW_TEXT := $(if $(FFM_RAW_TEXT),$(FFM_RAW_TEXT),$(abspath $(SHARED)))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo doccano test test-slow test-training test-doccano doccano-server lint gate bench requirements clean

$(VENV)/.runtime: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

demo: $(VENV)/.runtime
	mkdir -p $(DEMO)
	$(FFM) tag raw_text/*-digest.md -o $(DEMO)/tagged.jsonl
	$(FFM) compare $(DEMO)/tagged.jsonl -o $(DEMO)/comparison
	@echo "Tagged passages: $(DEMO)/tagged.jsonl"
	@echo "Comparison over time, with quotes: $(DEMO)/comparison/comparison.html"

# Installs and starts a doccano on this machine, with users and a filled project; Ctrl-C stops it.
doccano: $(VENV)/.runtime
	mkdir -p $(DEMO)
	$(FFM) tag raw_text/*-digest.md -o $(DEMO)/tagged.jsonl
	$(FFM) doccano local --fill $(DEMO)/tagged.jsonl

lint: $(VENV)/.dev
	$(BIN)/ruff check nlp tests
	$(BIN)/ruff format --check nlp tests
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: lint
	$(BIN)/python -m pytest -q -m "not slow"

test-slow: test-training test-doccano

# Whole trainings, spoiled ones too.
test-training: $(VENV)/.dev
	$(BIN)/python -m pytest -q -m slow --ignore tests/doccano

# The whole round against a real doccano, which is installed into the user's cache where it is not there yet.
test-doccano: $(VENV)/.dev
	$(BIN)/python -m pytest -q -m slow tests/doccano

# Installs that doccano beforehand.
doccano-server: $(VENV)/.runtime
	$(BIN)/python -c "from ffm.doccano.local_server import install; install(print)"

# Trains a candidate and compares it with the standing model; the report stands in build/gate.md, also where the gate fails.
gate: $(VENV)/.runtime
	mkdir -p build
	$(FFM) train --quick -o build/candidate
	$(FFM) evaluate --gate --standing $(STANDING) --candidate build/candidate -o build/gate.md

bench: $(VENV)/.dev
	$(BIN)/python tests/benchmarks/speed.py

requirements: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --allow-unsafe --extra build --extra doccano --extra serve --extra figures -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --allow-unsafe --extra build --extra doccano --extra serve --extra figures --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

clean:
	rm -rf build $(VENV)
