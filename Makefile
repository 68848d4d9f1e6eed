# make demo     set up and play a sample community on this machine
# make test     set up and pass every check and test
# make install  only the command: .venv/bin/mailer
# make e2e      one run with real mail servers and programs; installs them from Debian where missing, needs root
# make fuzz     the reader under a fuzzer for SECONDS (60)
# make bench    figures of speed and size; nothing is asserted about them
# make bench-peers  the same, with GNU Mailman and mlmmj beside us; installs them (Debian, PyPI), needs root
# make readme   write the tables of README.md from the code
PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/.run
TEST := .venv/.test

.PHONY: demo test lint install e2e fuzz bench bench-peers readme lock clean

demo: $(RUN)
	$(BIN)/mailer demo

install: $(RUN)

test: $(TEST) lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Postfix and Dovecot change users, which takes root. Their services are not started, their settings not touched.
ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
e2e: $(TEST)
	@[ -z "$(ROOT)" ] || command -v sudo >/dev/null || { echo "make e2e needs root, or sudo" >&2; exit 1; }
	$(ROOT) tests/e2e/install
	$(ROOT) env PYTHONDONTWRITEBYTECODE=1 $(BIN)/python -m pytest -m e2e -n 0 -rs tests/e2e

SECONDS ?= 60
MAILER_CORPORA ?= ../shared/corpora
fuzz: .venv/.atheris
	$(BIN)/python tests/properties/fuzz.py $(SECONDS) $(MAILER_CORPORA)

.venv/.atheris: $(TEST)
	$(BIN)/python -m pip install -q --disable-pip-version-check atheris==3.0.0
	@touch $@

bench: $(TEST)
	$(BIN)/python -m pytest -m bench -s -n 0 tests/bench tests/faults tests/properties

# Mailman lives in an environment of its own; the drivers that run both are looked for at MAILER_BENCH.
bench-peers: $(TEST) .venv/.bench/bin/mailman
	command -v mlmmj-receive >/dev/null || $(ROOT) apt-get install -qy --no-install-recommends mlmmj gcc || true
	$(BIN)/python -m pytest -m bench -s -n 0 tests/bench tests/faults tests/properties

.venv/.bench/bin/mailman:
	$(PYTHON) -m venv .venv/.bench
	.venv/.bench/bin/python -m pip install -q --disable-pip-version-check mailman==3.3.10

readme: $(TEST)
	$(BIN)/python tests/house/test_readme.py

# A bare Debian has Python without the part that makes environments: root gets it from Debian, others are told.
.venv/bin/python:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -q && apt-get install -qy python3-venv; \
	  else echo "Python's venv is missing. On Debian: sudo apt-get install python3-venv" >&2; exit 1; fi; }
	$(PYTHON) -m venv .venv

$(RUN): .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(TEST): $(RUN) requirements-test.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

# Needs uv; writes hashes and no registry address.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --group build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --group build --group test --extra tnef --extra auth pyproject.toml -o requirements-test.lock

clean:
	rm -rf .venv
