"""How long a loaded model takes for each part of its work."""

from sotto.app.core.bench.speech import recording, speech
from sotto.app.core.bench.timing import Effort, Timing, gather, measure, seconds_of
from sotto.app.core.transcription import transcribe_recording
from sotto.audio.input.source import SAMPLE_RATE
from sotto.inference.decoding import TranscribeOptions
from sotto.inference.dimensions import FRAMES_PER_SECOND, HOP_LENGTH, TOKENS_PER_SECOND
from sotto.inference.encoder_window import short_window
from sotto.inference.features import IncrementalLogMel, normalise
from sotto.inference.interfaces import Array, Audio, Cache, Model
from sotto.inference.streaming.utterance import Utterance
from sotto.inference.streaming.whisper_recogniser import WhisperRecogniser, WhisperSettings

LANGUAGE = "en"  # that of the clip
# What people say in 5 s. Their ids are fixed, so that every model and machine does the same work.
FORCED_TOKENS = tuple(range(15))

GROWTH_S = 0.3  # between two partials
GROWTH_STEPS = 7  # before a partial counts, some words must have been committed …
COUNTED_STEPS = 3  # … so only the last few do


class ModelBench:
    """Measures one model. Owned by the thread that owns the model."""

    def __init__(self, model: Model, effort: Effort) -> None:
        self._model = model
        self._effort = effort
        self._dims = model.checkpoint.dimensions
        self._prompt = model.checkpoint.tokenizer.sot_sequence(LANGUAGE)

    def takes(self, window_s: float) -> bool:
        """Return whether the encoder has positions for a window."""
        return window_s * TOKENS_PER_SECOND <= self._dims.n_audio_ctx

    def encoder(self, window_s: float) -> Timing:
        """Time the encoder with the decoder's cross-attention keys and values."""
        mel = self._mel(window_s)
        return measure(lambda: self._model.encode(mel), self._effort)

    def decoder_token(self, context_s: float) -> Timing:
        """Time one token, as the mean of fifteen, over a window of `context_s`."""
        audio = self._model.encode(self._mel(context_s))
        cache = self._model.new_cache()
        self._model.decode(self._prompt, cache, audio)

        def force() -> None:
            cache.crop(len(self._prompt))
            self._force(cache, audio)

        return measure(force, self._effort, parts=len(FORCED_TOKENS))

    def log_mel(self, seconds: float) -> Timing:
        """Time normalised log-mel from samples."""
        pcm = speech(seconds)
        return measure(lambda: normalise(self._model.log_mel(pcm)), self._effort)

    def utterance(self, seconds: float) -> Timing:
        """Time the final pass over speech of `seconds`: log-mel, encoder and fifteen tokens.

        The window is the one that live dictation takes.
        """
        pcm = speech(seconds)

        def recognise() -> None:
            mel = IncrementalLogMel(self._model.log_mel, self._dims.n_mels)
            mel.append(pcm)
            padding = self.final_window_frames(seconds) * HOP_LENGTH - mel.n_samples
            audio = self._model.encode(mel.features(padding))
            cache = self._model.new_cache()
            self._model.decode(self._prompt, cache, audio)
            self._force(cache, audio)

        return measure(recognise, self._effort)

    def final_window_frames(self, seconds: float) -> int:
        """Return the mel frames (10 ms) that a final pass over `seconds` of speech encodes."""
        return short_window(
            round(seconds * FRAMES_PER_SECOND),
            self._dims,
            native_short_window=self._model.checkpoint.native_short_window,
            final=True,
        )

    def partial(self, until_s: float) -> Timing:
        """Time partials of live dictation while an utterance grows to `until_s`."""
        recogniser = WhisperRecogniser(self._model, WhisperSettings(language=LANGUAGE))
        return gather(lambda: self._grow(recogniser, until_s), self._effort)

    def clip(self) -> tuple[float, Timing]:
        """Return the seconds of the clip in the box, and time its transcription."""
        pcm = recording()
        options = TranscribeOptions(language=LANGUAGE)

        def transcribe() -> None:
            transcribe_recording(self._model, pcm, options)

        return len(pcm) / SAMPLE_RATE, measure(transcribe, self._effort)

    def _mel(self, seconds: float) -> Array:
        return normalise(self._model.log_mel(speech(seconds)))

    def _force(self, cache: Cache, audio: Audio) -> None:
        for token in FORCED_TOKENS:
            self._model.decode((token,), cache, audio)

    def _grow(self, recogniser: WhisperRecogniser, until_s: float) -> list[float]:
        """Let an utterance grow in steps and return the seconds of its last partials."""
        pcm = speech(until_s)
        steps = [round((until_s - GROWTH_S * n) * SAMPLE_RATE) for n in range(GROWTH_STEPS)][::-1]
        utterance = Utterance(recogniser)
        seconds: list[float] = []
        for start, end in zip([0, *steps], steps, strict=False):
            utterance.append(pcm[start:end])
            seconds.append(seconds_of(utterance.partial))
        return seconds[-COUNTED_STEPS:]
