"""A graph that is compiled in seconds, for the tests of the cache."""

from max.dtype import DType
from max.graph import DeviceRef, Graph, Module, TensorType, TensorValue


def identity(rank: int) -> Module:
    """Return a graph that returns its input, of the given rank."""
    module = Module()

    def forward(x: TensorValue) -> TensorValue:
        return x

    shape = [f"n{axis}" for axis in range(rank)]
    inputs = [TensorType(DType.float32, shape, DeviceRef.CPU())]
    Graph("identity", forward=forward, input_types=inputs, module=module)
    return module


def broken() -> Module:
    """Fail as a builder may."""
    raise ValueError("no such graph")
