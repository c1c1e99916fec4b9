"""What decoding returns."""

from dataclasses import asdict, dataclass
from math import nan
from typing import Any


@dataclass(frozen=True, slots=True)
class DecodingResult:
    """The text of one window (openai-whisper's `DecodingResult`).

    `tokens` leave out start sequence, prompt, prefix and end-of-text. `avg_logprob` is the mean
    log probability of the tokens and end-of-text. `language_probs` is there when the language
    was detected. `token_logprobs` are the log probabilities of `tokens`.
    """

    language: str
    tokens: tuple[int, ...]
    text: str
    avg_logprob: float
    no_speech_prob: float
    temperature: float
    compression_ratio: float
    language_probs: dict[str, float] | None = None
    token_logprobs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class WordTiming:
    """A word with its leading space and its punctuation; seconds from the recording's start.

    `tokens` are the text tokens it is made of, `probability` is the mean of theirs, NaN where it
    was not asked for.
    """

    word: str
    tokens: tuple[int, ...]
    start: float
    end: float
    probability: float = nan


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text, usually a sentence; `start` and `end` in seconds.

    `seek` is the mel frame at which its window began. `words` is None where words were not timed,
    and empty, as `text` and `tokens` are, where a window's text made no sense in time. `language`
    is there where that of each window was detected. `speaker` is who says it, where somebody knows:
    his name stands before the text and its first word, in brackets.
    """

    id: int
    seek: int
    start: float
    end: float
    text: str
    tokens: tuple[int, ...]
    temperature: float
    avg_logprob: float
    compression_ratio: float
    no_speech_prob: float
    words: tuple[WordTiming, ...] | None = None
    language: str | None = None
    speaker: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return openai-whisper's JSON form, with language and speaker if they are known."""
        fields = asdict(self) | {"tokens": list(self.tokens)}
        if self.language is None:
            del fields["language"]
        if not self.speaker:
            del fields["speaker"]
        if self.words is None:
            del fields["words"]
        else:
            fields["words"] = [
                {
                    "word": word.word,
                    "start": word.start,
                    "end": word.end,
                    "probability": word.probability,
                }
                for word in self.words
            ]
        return fields


@dataclass(frozen=True, slots=True)
class Transcription:
    """The text of a recording."""

    text: str
    segments: tuple[Segment, ...]
    language: str

    def as_dict(self) -> dict[str, Any]:
        """Return openai-whisper's JSON form."""
        return {
            "text": self.text,
            "segments": [segment.as_dict() for segment in self.segments],
            "language": self.language,
        }
