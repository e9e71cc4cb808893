# The commands of Gongwen. `make demo` and `make test` work on a fresh machine with Python 3.11, git and make.
PYTHON ?= python3.11
ifeq ($(shell command -v $(PYTHON) 2>/dev/null),)
PYTHON := python3
endif
BIN := .venv/bin
CASES ?= corpus/sample
DEMO := var/demo
PORT ?= 8000
JOBS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n < 4 ? n : 4)))
FAULTS ?= long or not long

.PHONY: demo test test-faults lint eval bench run fast lock bundle soak clean

.venv/run.stamp: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "建不了虚拟环境：请先安装 python3-venv（Debian：apt install python3.11-venv）" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements.txt requirements-dev.txt requirements-fast.txt .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt $(if $(CI),-r requirements-fast.txt)
	@touch $@

fast: .venv/run.stamp  ## the fast search engine, chosen by the setting engine: tantivy
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-fast.txt

demo: .venv/run.stamp  ## sample corpus in, site up
	GONGWEN_CORPUS=$(DEMO) GONGWEN_RULES=corpus/sample-rules $(BIN)/python -m gongwen ingest corpus/sample
	GONGWEN_CORPUS=$(DEMO) GONGWEN_RULES=corpus/sample-rules $(BIN)/python -m gongwen serve --port $(PORT)

run: .venv/run.stamp  ## the site over your own corpus (GONGWEN_CORPUS)
	$(BIN)/python -m gongwen serve --port $(PORT)

test: .venv/dev.stamp
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

test-faults: .venv/dev.stamp  ## all faults with their counts: kills, files lost, doubles (docs/reliability.md)
	$(BIN)/python -m pytest tests/faults -m "$(FAULTS)" -s

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: .venv/dev.stamp  ## scores on a folder of gold files: make eval CASES=FOLDER
	$(BIN)/python -m tests.eval.score $(CASES)

bench: .venv/dev.stamp fast  ## figures, no pass or fail
	$(BIN)/python -m tests.bench  # or: python -m tests.bench extraction|ingest|ocr|search [--documents 50000]

lock: .venv/dev.stamp  ## requirements.lock with hashes (network), licences
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools==7.6.2
	PIP_CONFIG_FILE=/dev/null $(BIN)/pip-compile -q --generate-hashes --no-strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links \
	  --no-header -o requirements.lock requirements.txt
	$(BIN)/python -m gongwen.supply licences
	$(BIN)/python -m gongwen.supply check

bundle: .venv/run.stamp  ## an offline bundle for machines of this kind: var/dist/gongwen-*.tar.gz (docs/operations.md)
	$(BIN)/python -m gongwen.supply bundle var/dist

soak: .venv/dev.stamp  ## eight users and an ingest for half an hour; figures
	$(BIN)/python -m tests.bench soak --minutes 30

clean:
	rm -rf .venv var/demo
