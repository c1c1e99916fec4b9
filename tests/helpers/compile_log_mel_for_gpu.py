"""Compile the log-mel graph for an H100 that need not be there, and print what came out."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from max.driver import (
    Accelerator,
    set_virtual_device_api,
    set_virtual_device_count,
    set_virtual_device_target_arch,
)
from max.dtype import DType
from max.engine import InferenceSession
from max.graph import DeviceRef, Graph, TensorType

from sotto.inference.features import mel_filters
from sotto.kernels.ops import KERNELS_DIR, log_mel


def main() -> None:
    set_virtual_device_api("cuda")
    set_virtual_device_target_arch("sm_90")
    set_virtual_device_count(1)
    device = DeviceRef.GPU()
    types = [
        TensorType(DType.float32, ["n_samples"], device),
        TensorType(DType.int32, ["n_frames"], device),
    ]
    graph = Graph(
        "log_mel",
        forward=lambda pcm, starts: log_mel(pcm, starts, mel_filters(80), smoothing=True),
        input_types=types,
        custom_extensions=[KERNELS_DIR],
    )
    compiled = InferenceSession(devices=[Accelerator()]).compile(graph)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log_mel.mef"
        compiled.export_mef(path)
        content = path.read_bytes()
    kernel = b"log_mel_kernel" if b"log_mel_kernel" in content else b"no kernel"
    functions = set(re.findall(rb"\.text\.mojo_pkg\w+", content))  # sections of the device's code
    architecture = re.search(rb"\bsm_\w+", content)
    more = f"and {len(functions) - 1} more for"
    print(kernel.decode(), more, architecture and architecture[0].decode())  # noqa: T201


if __name__ == "__main__":
    main()
