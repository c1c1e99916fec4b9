"""Lets MAX be imported in a thread beside the main one, so that no face waits for it.

MAX enters a compiler context in the thread that imports it and leaves it at exit in the main
thread, where it then was never entered: an ugly message. Import this module before any of MAX.
"""

import atexit
import threading

import sotto.kernels  # noqa: F401 (silences MAX before it is imported)

from max._mlir_context import default_mlir_context  # isort: skip

if threading.current_thread() is not threading.main_thread():
    # What is registered last runs first: this context is there when MAX leaves it.
    atexit.register(default_mlir_context().__enter__)
