# `make demo` tags and compares the sample reports; `make test` runs the tests. Both make .venv themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FFM := $(BIN)/ffm
DEMO := build/demo
STANDING ?= models/ffm-en
SHARED := $(abspath $(wildcard ../shared/raw_text ../shared/cases/docs))
SPACE := $(subst ,, )
export FFM_RAW_TEXT := $(if $(FFM_RAW_TEXT),$(FFM_RAW_TEXT),$(subst $(SPACE),:,$(SHARED)))
export PIP_DISABLE_PIP_VERSION_CHECK := 1
LOCK = $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --custom-compile-command "make requirements" $(UPGRADE)

.PHONY: demo doccano test test-slow test-training test-doccano test-wheel doccano-server lint gate bench requirements clean

$(VENV)/.runtime: requirements-doccano.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-doccano.txt
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
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/windows
	$(BIN)/lint-imports --no-logo

test: lint
	$(BIN)/python -m pytest -q -m "not slow"

test-slow: test-training test-doccano test-wheel

# Whole trainings, spoiled ones too.
test-training: $(VENV)/.dev
	$(BIN)/python -m pytest -q -m slow --ignore tests/doccano --ignore tests/test_wheel.py

# The whole round against a real doccano, which is installed into the user's cache where it is not there yet.
test-doccano: $(VENV)/.dev
	$(BIN)/python -m pytest -q -m slow tests/doccano

# The wheel in fresh environments, bare and with its extra for doccano, each of the packages that its lock names.
test-wheel: $(VENV)/.dev
	$(BIN)/python -m pytest -q -m slow tests/test_wheel.py

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
	$(BIN)/python tests/benchmarks/scale.py

# Locks what pyproject.toml asks for: without doccano's client, with it (.venv), and with the tools of development. Pins that
# still fit are kept. What tunes the encoder (torch) is in no lock. `make requirements UPGRADE=--upgrade` takes the newest of all.
requirements: $(VENV)/.dev
	$(LOCK) --extra build --extra serve --extra figures --extra ocr -o requirements.txt pyproject.toml
	$(LOCK) --extra build --extra serve --extra figures --extra ocr --extra doccano -o requirements-doccano.txt pyproject.toml
	$(LOCK) --extra build --extra serve --extra figures --extra ocr --extra doccano --extra cluster --extra dev -c requirements-doccano.txt -o requirements-dev.txt pyproject.toml

clean:
	rm -rf build $(VENV)
