"""Reading a `.pt` of torch without running anything in it.

torch.save writes a zip: `archive/data.pkl` is a pickle of the objects, in which each tensor points
to a storage, and `archive/data/<key>` holds the bytes of one storage. A pickle is a program; this
unpickler knows a few harmless names and refuses every other.
"""

import io
import mmap
import pickle
import pickletools
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.formats.json_file import is_count
from sotto.inference.checkpoint.names import is_used
from sotto.inference.checkpoint.tensors import (
    NUMPY_TYPES,
    StoredTensor,
    map_file,
    unsupported_numbers,
)

STORAGE_TYPES = {
    "DoubleStorage": "F64",
    "FloatStorage": "F32",
    "HalfStorage": "F16",
    "BFloat16Storage": "BF16",
}

PICKLE_NAME = "data.pkl"
# How the files of torch before 1.6 begin: a number in a pickle of its own.
OLD_FORMAT = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
MEMO_OPCODES = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})

# Of a zip member: signature, then the lengths of its name and of its extra field.
LOCAL_HEADER = struct.Struct("<4s22xHH")
LOCAL_SIGNATURE = b"PK\x03\x04"

# All that zipfile raises on damaged, compressed in an odd way, or encrypted members.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Storage:
    """A member of the zip that holds `n_elements` numbers."""

    dtype: str
    key: str
    n_elements: int


@dataclass(frozen=True, slots=True)
class TensorReference:
    """A tensor as the pickle describes it, unchecked; offset and strides count elements."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def n_reached(self) -> int:
        """Number of elements its storage must have."""
        if 0 in self.shape:
            return 0
        steps = zip(self.shape, self.strides, strict=True)
        return 1 + self.offset + sum((extent - 1) * stride for extent, stride in steps)


class ForbiddenNameError(pickle.UnpicklingError):
    """The pickle asks for a name that a checkpoint has no need of."""


class TorchFile:
    """A `.pt`: `content` is the dictionary that was saved, with references in place of tensors.

    Raises:
        CheckpointError: The file is missing, truncated, damaged, not torch's, or would run code.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._buffer = map_file(path)
        if self._buffer[: len(OLD_FORMAT)] == OLD_FORMAT:
            raise CheckpointError(
                f"{path} is in the format of torch before 1.6; load and save it with a newer one"
            )
        try:
            with zipfile.ZipFile(path) as archive:
                self._root = _root(archive)
                self._members = {member.filename: member for member in archive.infolist()}
                program = archive.read(self._root + PICKLE_NAME)
        except ZIP_ERRORS as error:
            raise CheckpointError(
                f"{path} is truncated or no checkpoint of torch; fetch it again"
            ) from error
        self.content = _unpickle(program, path)

    def tensors(self, state: Mapping[object, object]) -> dict[str, StoredTensor]:
        """Return where the tensors lie that Whisper uses, under their names in `state`.

        Raises:
            CheckpointError: One is no tensor, or its bytes are not all there.
        """
        used = {str(name): value for name, value in state.items() if is_used(str(name))}
        return {name: self.locate(name, value) for name, value in used.items()}

    def locate(self, name: str, reference: object) -> StoredTensor:
        """Return where the tensor called `name` lies.

        Raises:
            CheckpointError: It is no tensor, or its bytes are not all there.
        """
        if not isinstance(reference, TensorReference):
            raise CheckpointError(f"{self._path}: {name} is no tensor; fetch it again")
        storage = reference.storage
        if storage.dtype not in NUMPY_TYPES:
            raise unsupported_numbers(self._path, name, storage.dtype)
        member = self._members.get(f"{self._root}data/{storage.key}")
        itemsize = np.dtype(NUMPY_TYPES[storage.dtype]).itemsize
        start = None if member is None else _data_start(self._buffer, member)
        needed = max(storage.n_elements, reference.n_reached) * itemsize
        if member is None or start is None or needed > member.file_size:
            raise CheckpointError(
                f"{self._path}: the data of tensor {name} is missing or cut off; fetch it again"
            )
        return StoredTensor(
            self._path,
            self._buffer,
            storage.dtype,
            reference.shape,
            reference.strides,
            start + reference.offset * itemsize,
        )


def read_state(path: Path) -> dict[str, StoredTensor]:
    """Return the tensors that Whisper uses of a `.bin` of transformers, under their names.

    Raises:
        CheckpointError: As `TorchFile`.
    """
    file = TorchFile(path)
    return file.tensors(file.content)


def _root(archive: zipfile.ZipFile) -> str:
    """Return the folder in the zip that torch put everything into, such as `archive/`."""
    for name in archive.namelist():
        folder, _, file = name.rpartition("/")
        if file == PICKLE_NAME:
            return f"{folder}/"
    raise zipfile.BadZipFile(f"no {PICKLE_NAME}")


def _data_start(buffer: mmap.mmap, member: zipfile.ZipInfo) -> int | None:
    """Return the offset of a member's bytes in the file, None if they are not all there plainly."""
    header = buffer[member.header_offset : member.header_offset + LOCAL_HEADER.size]
    if len(header) < LOCAL_HEADER.size or member.compress_type != zipfile.ZIP_STORED:
        return None
    signature, n_name, n_extra = LOCAL_HEADER.unpack(header)
    start = member.header_offset + LOCAL_HEADER.size + int(n_name) + int(n_extra)
    is_whole = signature == LOCAL_SIGNATURE and start + member.file_size <= len(buffer)
    return start if is_whole else None


def _unpickle(program: bytes, path: Path) -> Mapping[object, object]:
    try:
        _check_memo(program)
        content = _Unpickler(io.BytesIO(program)).load()
    except ForbiddenNameError as error:
        raise CheckpointError(
            f"{path} was refused: it asks for {error}, which could run code; "
            "get the model from its publisher"
        ) from error
    except Exception as error:  # a damaged pickle can raise anything
        raise CheckpointError(f"{path} is damaged (its index); fetch it again") from error
    if not isinstance(content, dict):
        raise CheckpointError(f"{path} is no checkpoint of openai-whisper")
    return content


def _check_memo(program: bytes) -> None:
    """Refuse a memo index that no pickle of this size needs: pickle would allocate up to it."""
    for opcode, argument, _ in pickletools.genops(program):
        if opcode.name in MEMO_OPCODES and not 0 <= int(argument or 0) <= len(program):
            raise pickle.UnpicklingError("memo index out of range")


class _Unpickler(pickle.Unpickler):
    """Builds dictionaries, numbers, strings and references; nothing that could do anything."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _reference
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return _parameter
        if module == "torch" and name.endswith("Storage"):
            return STORAGE_TYPES.get(name, name)
        raise ForbiddenNameError(f"{module}.{name}")

    def persistent_load(self, pid: object) -> Storage:
        match pid:
            case ("storage", str(dtype), str(key), _, n_elements) if is_count(n_elements):
                return Storage(dtype, key, n_elements)
        raise pickle.UnpicklingError("unknown storage")


def _parameter(data: object, *_: object) -> object:
    """Stand in for `torch._utils._rebuild_parameter`: a parameter is a tensor that is trained."""
    return data


def _reference(
    storage: object, offset: object, shape: object, strides: object, *_: object
) -> object:
    """Stand in for `torch._utils._rebuild_tensor_v2`; None for numbers of no use to us."""
    match storage, offset, shape, strides:
        case Storage(), int(), tuple(), tuple() if len(shape) == len(strides) and all(
            map(is_count, (offset, *shape, *strides))
        ):
            return TensorReference(storage, offset, shape, strides)
    return None
