"""Compile graphs for a processor that need not be here.

`python -m tests.helpers.graphs_for_processor PROCESSOR PATH RECIPE`: LLVM's name of the processor,
where MAX's executable format goes, and a `Recipe` as JSON.
"""

import sys
from pathlib import Path

from max.driver import set_virtual_cpu_target

from sotto.inference.caches.compile_graphs import compile_graphs
from sotto.inference.caches.compiled import Recipe


def main() -> None:
    processor, path, recipe = sys.argv[1:]
    set_virtual_cpu_target(processor)
    Path(path).write_bytes(compile_graphs(Recipe.from_json(recipe)))


if __name__ == "__main__":
    main()
