# make run: live dictation.   make test: the whole suite, headless.   Both set up what they need.
PYTHON := .venv/bin/python

.PHONY: run setup lint test

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

test: lint
	$(PYTHON) -m pytest -n 2 --dist loadfile
