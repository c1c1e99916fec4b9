import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sotto.inference.decoding.numerics import largest


@given(n=st.integers(1, 3000), count=st.integers(1, 101), seed=st.integers(0, 1000))
def test_the_largest_are_found_wherever_they_lie(n: int, count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.permutation(n).astype(np.float32)
    values[rng.random(n) < 0.3] = -np.inf
    found = largest(values, min(count, n))
    assert len(set(found.tolist())) == min(count, n)
    assert sorted(values[found]) == sorted(values)[-min(count, n) :]
