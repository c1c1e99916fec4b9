"""Whether the chosen model loads, how fast it is, and whether it understands a recording."""

import time
from collections.abc import Iterator

from sotto.app.core.doctor.finding import Finding, State
from sotto.app.core.doctor.settings_summary import ANOTHER, known_model
from sotto.app.core.models.background_loading import ProgressCallback
from sotto.app.core.models.choice import choose
from sotto.app.core.models.loader import load_chosen, load_model
from sotto.app.core.models.registry import installed
from sotto.app.core.settings import Settings
from sotto.errors import SottoError

_SPEECH_S = 5.0
_FAST_ENOUGH = 3.0  # times the speed of speech; below it partial texts come late


def model_findings(settings: Settings, progress: ProgressCallback) -> Iterator[Finding]:
    """Load the chosen model and measure it.

    Args:
        settings: the user's.
        progress: called while the model is compiled, which takes up to a minute once.
    """
    models = installed(settings.models_folder)
    own = tuple(model.name for model in models if known_model(model.name) == ANOTHER)
    yield Finding("Models", State.OK, ", ".join(model.name for model in models), private=own)
    own = (*own, settings.model) if known_model(settings.model) == ANOTHER else own
    topic = f"Model {settings.model or 'for you'}"
    try:
        topic = f"Model {choose(settings).name}"
        started = time.perf_counter()
        model = load_chosen(settings, load_model, progress)
        loaded_s = time.perf_counter() - started
    except SottoError as error:
        yield Finding(topic, State.PROBLEM, str(error), private=own)
        return
    from sotto.app.core.bench.stages import ModelBench  # noqa: PLC0415 (imports MAX)
    from sotto.app.core.bench.timing import QUICK  # noqa: PLC0415

    speed = 1e3 * _SPEECH_S / ModelBench(model, QUICK).utterance(_SPEECH_S).median_ms
    words = (
        f"{settings.compute_type}, loaded in {loaded_s:.1f} s, {speed:.0f} times as fast as speech"
    )
    if speed < _FAST_ENOUGH:
        yield Finding(topic, State.PROBLEM, f"{words}: choose a smaller model", private=own)
    else:
        yield Finding(topic, State.OK, words, private=own)
