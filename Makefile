# make run: live dictation.   make test: the whole suite, headless.   Both set up what they need.
# make check: what needs no desktop, no real weights, no compiler.   make test T=tests/audio: some alone.
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
# A file's tests stay in one process, which compiles and starts for them what they share.
PARALLEL := -n 2 --dist loadfile
# Without its files of byte code pytest goes through every assert anew, in each process.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup lint check test

run:
	@tools/setup.sh run
	@exec $(PYTHON) -m sotto --listen

setup:
	@tools/setup.sh test

lint: setup
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

check: lint
	$(PYTEST) $(PARALLEL) --hypothesis-profile=quick -m "not desktop and not real_model and not engine and not slow"

# Of the command line alone: a variable T of the environment must not make the suite smaller.
ifeq ($(origin T),command line)
test: setup
	$(PYTEST) $(T)
else
test: lint
	$(PYTEST) $(PARALLEL) $(if $(OUTCOMES),--outcomes=$(OUTCOMES))
endif
