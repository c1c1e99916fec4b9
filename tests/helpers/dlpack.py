"""An array of another library, as DLPack shows it."""

import ctypes
from typing import Any

from numpy.typing import NDArray

CUDA = 2  # DLDeviceType of dlpack.h
DEVICE_TYPE_OFFSET = 8  # in DLTensor, after the pointer to the data


class Exporter:
    """Knows DLPack and nothing of NumPy; of the oldest version, without flags."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array

    def __dlpack__(self, **_wishes: object) -> object:
        return self._array.__dlpack__()

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0


class OnGraphicsCard(Exporter):
    """Says that its memory is that of a graphics card."""

    def __dlpack__(self, **_wishes: object) -> object:
        capsule = super().__dlpack__()
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
        tensor = pointer(capsule, b"dltensor")
        ctypes.c_int32.from_address(tensor + DEVICE_TYPE_OFFSET).value = CUDA
        return capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return CUDA, 0
