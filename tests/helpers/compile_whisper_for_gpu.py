"""Compile Whisper's graphs for an H100 that need not be there, and print what came out."""

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
from max.graph import DeviceRef

from tests.helpers.stock_graphs import SMALL, stock_module


def main() -> None:
    set_virtual_device_api("cuda")
    set_virtual_device_target_arch("sm_90a")
    set_virtual_device_count(1)
    module = stock_module(SMALL, DeviceRef.GPU(), DType.bfloat16)
    compiled = InferenceSession(devices=[Accelerator()]).compile(module)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "whisper.mef"
        compiled.export_mef(path)
        content = path.read_bytes()
    kernels = set(re.findall(rb"\.text\.\w+", content))  # sections of the device's code
    architecture = re.search(rb"\bsm_\w+", content)
    print(len(kernels), "kernels for", architecture and architecture[0].decode())  # noqa: T201


if __name__ == "__main__":
    main()
