"""What a request asks for: the fields of OpenAI's API."""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Literal

from sotto.app.core.transcription import BATCH_SIZE
from sotto.app.server.api_error import ApiError
from sotto.app.server.requests.upload import Form
from sotto.errors import UsageError
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.languages import to_spoken_language
from sotto.inference.tokenizer import Task, Tokenizer

FORMATS = ("json", "text", "srt", "verbose_json", "vtt")
STREAMED_FORMATS = ("json", "text", "verbose_json")
WORD, SEGMENT = "word", "segment"
WHISPER_1 = "whisper-1"
STAND_INS = (
    WHISPER_1,
    "gpt-transcribe",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-4o-mini-transcribe-2025-12-15",
)
"""OpenAI's names, which programs write that know no other; the served model takes their place."""
DIARIZED = "diarized_json"
BEAMS = SAMPLES_AT_TEMPERATURES = 5  # as `sotto transcribe`, and openai-whisper's command line
TEMPERATURE_STEP = 0.2

_ENGLISH = "en"
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a recording is to become text, and in what form that goes back."""

    options: TranscribeOptions
    form: str
    granularities: frozenset[str]
    is_streamed: bool

    @property
    def task(self) -> Task:
        """What becomes of the words."""
        return self.options.task


def wanted(form: Form, task: Task, names: Collection[str], tokenizer: Tokenizer) -> Wanted:
    """Return what a form asks for.

    Args:
        form: Was sent.
        task: Of the address that it was sent to.
        names: Of the model.
        tokenizer: Of the model.

    Raises:
        ApiError: A field cannot be used.
    """
    _check_model(form, names)
    _check_what_is_not_there(form)
    response_format = _choice(form, "response_format", FORMATS, "json")
    granularities = _granularities(form, response_format)
    is_streamed = _is_streamed(form, response_format)
    # Of stretches that are decoded together, the text of the first comes with that of the others.
    options = replace(
        _options(form, task, tokenizer),
        word_timestamps=WORD in granularities,
        batch_size=1 if is_streamed else BATCH_SIZE,
    )
    return Wanted(options, response_format, granularities, is_streamed)


def _options(form: Form, task: Task, tokenizer: Tokenizer) -> TranscribeOptions:
    return TranscribeOptions(
        task=_task(task, tokenizer),
        language=language_of(form, tokenizer),
        beam_size=BEAMS,
        best_of=SAMPLES_AT_TEMPERATURES,
        temperatures=_temperatures(form),
        initial_prompt=form.text("prompt"),
        hotwords=_hotwords(form),
    )


def is_served(name: str, names: Collection[str]) -> bool:
    """Whether a name is the served model's: one of its own, as a hub calls it, or a stand-in."""
    own = {_short(each) for each in names}
    return name in names or name in STAND_INS or _short(name) in own


def _short(name: str) -> str:
    """Return `base` for Systran/faster-whisper-base or openai/whisper-base."""
    last = name.rpartition("/")[2]
    return last.removeprefix("faster-").removeprefix("whisper-")


def _check_model(form: Form, names: Collection[str]) -> None:
    name = form.text("model")
    if name is not None and not is_served(name, names):
        raise ApiError(
            HTTPStatus.NOT_FOUND,
            f"The model “{name[:100]}” is not served here; use one of: {', '.join(names)}",
            param="model",
            code="model_not_found",
        )


def _check_what_is_not_there(form: Form) -> None:
    """Refuse what would change an answer's form, lest a client takes what it did not ask for."""
    if form.text("response_format") == DIARIZED:
        formats = ", ".join(FORMATS)
        raise ApiError.bad(
            f"Speakers are not told apart here, so there is no {DIARIZED}; use one of: {formats}",
            "response_format",
        )
    if form.texts("include[]") or form.texts("include"):
        raise ApiError.bad(
            "“include” is not there; verbose_json has avg_logprob and no_speech_prob for each "
            "segment",
            "include",
        )


def _hotwords(form: Form) -> str | None:
    """Return words to expect: OpenAI's `keywords[]`, or faster-whisper's one text of them."""
    return ", ".join((*form.texts("keywords[]"), *form.texts("hotwords"))) or None


def _choice(form: Form, name: str, choices: Collection[str], default: str) -> str:
    value = form.text(name) or default
    if value not in choices:
        raise ApiError.bad(f"“{name}” must be one of: {', '.join(choices)}", name)
    return value


def _granularities(form: Form, response_format: str) -> frozenset[str]:
    name = "timestamp_granularities"
    texts = (*form.texts(f"{name}[]"), *form.texts(name))
    given = frozenset(word.strip() for text in texts for word in text.split(","))
    if given - {WORD, SEGMENT}:
        raise ApiError.bad(f"“{name}” must be {WORD}, {SEGMENT} or both", name)
    if given and response_format != "verbose_json":
        raise ApiError.bad(f"“{name}” goes with response_format verbose_json alone", name)
    return given or frozenset({SEGMENT})


def _is_streamed(form: Form, response_format: str) -> bool:
    value = _TRUTHS.get((form.text("stream") or "false").lower())
    if value is None:
        raise ApiError.bad("“stream” must be true or false", "stream")
    if value and response_format not in STREAMED_FORMATS:
        formats = ", ".join(STREAMED_FORMATS)
        raise ApiError.bad(f"“stream” goes with response_format {formats} alone", "stream")
    return value


def _temperatures(form: Form) -> tuple[float, ...]:
    """Return the temperature that is asked for, and those tried after it, in steps of 0.2."""
    try:
        first = float(form.text("temperature") or 0.0)
    except ValueError:
        first = math.nan
    if not 0 <= first <= 1:
        raise ApiError.bad("“temperature” must be a number between 0 and 1", "temperature")
    n_steps = math.floor((1 - first) / TEMPERATURE_STEP + 1e-6)
    return tuple(round(first + i * TEMPERATURE_STEP, 6) for i in range(n_steps + 1))


def language_of(form: Form, tokenizer: Tokenizer) -> str | None:
    """Return the code of the language that a form names, None if it is to be detected.

    Raises:
        ApiError: The model does not know it.
    """
    try:
        language = to_spoken_language(form.text("language") or "") or None
    except UsageError as error:
        raise ApiError.bad(str(error), "language") from error
    if not tokenizer.is_multilingual and language not in {None, _ENGLISH}:
        raise ApiError.bad("The model that is served knows English alone", "language")
    return language


def _task(task: Task, tokenizer: Tokenizer) -> Literal["transcribe", "translate"]:
    if task == "translate" and not tokenizer.is_multilingual:
        raise ApiError.bad(
            "The model that is served knows English alone, so it cannot translate; serve a "
            "multilingual one, such as base",
            "model",
        )
    return task
