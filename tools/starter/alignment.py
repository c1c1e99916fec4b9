"""When each letter of a known text is heard, by a CTC head."""

import numpy as np
from numpy.typing import NDArray

BLANK = 0


def align(log_probs: NDArray[np.float32], labels: list[int]) -> NDArray[np.int64]:
    """Return the first and the last frame (n_labels, 2) of each label on the likeliest path.

    It is the Viterbi path through the labels with blanks around them (Graves et al., 2006).

    Args:
        log_probs: (n_frames, n_classes).
        labels: At least one.

    Raises:
        ValueError: There are too few frames for the labels.
    """
    states = np.full(2 * len(labels) + 1, BLANK)
    states[1::2] = labels
    may_skip = np.zeros(len(states), bool)  # the blank before a label that is not the one before
    may_skip[3::2] = states[3::2] != states[1:-2:2]
    scores = np.full(len(states), -np.inf)
    scores[:2] = log_probs[0, states[:2]]
    steps = np.zeros((len(log_probs), len(states)), np.int64)  # by how many states it moved
    for frame in range(1, len(log_probs)):
        moved = np.stack([scores, _shifted(scores, 1), _shifted(scores, 2)])
        moved[2, ~may_skip] = -np.inf
        steps[frame] = moved.argmax(0)
        scores = moved.max(0) + log_probs[frame, states]
    return _spans(_path(steps, len(states) - 1 - int(scores[-2] > scores[-1])), len(labels))


def _shifted(scores: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    return np.concatenate([np.full(by, -np.inf), scores[:-by]])


def _path(steps: NDArray[np.int64], last: int) -> NDArray[np.int64]:
    """Return the state of each frame, followed back from the last."""
    path = np.empty(len(steps), np.int64)
    state = last
    for frame in range(len(steps) - 1, -1, -1):
        path[frame] = state
        state -= steps[frame, state]
    return path


def _spans(path: NDArray[np.int64], n_labels: int) -> NDArray[np.int64]:
    frames = [np.flatnonzero(path == 2 * i + 1) for i in range(n_labels)]
    if not all(len(heard) for heard in frames):
        raise ValueError(f"{n_labels} labels do not fit into {len(path)} frames")
    return np.array([(heard[0], heard[-1]) for heard in frames])
