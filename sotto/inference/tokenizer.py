"""Text to tokens and back, as Whisper does it (openai-whisper's `tokenizer.py`)."""

import codecs
import string
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

import tiktoken

from sotto.errors import UsageError
from sotto.inference.languages import LANGUAGES, LANGUAGES_WITHOUT_SPACES

Task = Literal["transcribe", "translate"]

# How GPT-2 cuts text before byte pairs are merged.
PATTERN = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""

END_OF_TEXT = "<|endoftext|>"
START_OF_TRANSCRIPT = "<|startoftranscript|>"
TRANSLATE = "<|translate|>"
TRANSCRIBE = "<|transcribe|>"
START_OF_LM = "<|startoflm|>"
START_OF_PREV = "<|startofprev|>"
NO_SPEECH = "<|nospeech|>"
NO_TIMESTAMPS = "<|notimestamps|>"
FIRST_TIMESTAMP = "<|0.00|>"
LAST_TIMESTAMP = "<|30.00|>"

N_TIMESTAMPS = 1501  # 0.00 s to 30.00 s in steps of 20 ms

# What speakers do not say: tags such as "(MUSIC)", "[DAVID]" and "♪♪♪".
NON_SPEECH_SYMBOLS = (
    *'"#()*+/:;<=>@[\\]^_`{|}~「」『』',
    *("<<", ">>", "<<<", ">>>", "--", "---", "-(", "-[", "('", '("'),
    *("((", "))", "(((", ")))", "[[", "]]", "{{", "}}", "♪♪", "♪♪♪"),
)
# These may take several tokens; the first is then shared by U+2640 to U+267F only, which is
# safe to suppress.
MUSIC_SYMBOLS = tuple("♩♪♫♬♭♮♯")
# Fine inside of a word, not at its start.
INNER_SYMBOLS = (" -", " '")


def timestamp_names() -> list[str]:
    """Return the names of the timestamp tokens, `<|0.00|>` to `<|30.00|>`."""
    return [f"<|{i * 0.02:.2f}|>" for i in range(N_TIMESTAMPS)]


class Tokenizer:
    """Byte-pair encoding with Whisper's special tokens. Immutable; any thread may use it.

    Args:
        ranks: Id of each ordinary token; a lower id merges first.
        special_tokens: Id of each special token, all of openai-whisper's names but those of the
            languages required.
        is_multilingual: Whether prompts name a language and a task.
    """

    def __init__(
        self,
        ranks: Mapping[bytes, int],
        special_tokens: Mapping[str, int],
        *,
        is_multilingual: bool,
    ) -> None:
        self.is_multilingual = is_multilingual
        self._special_tokens = dict(special_tokens)
        self._encoding = tiktoken.Encoding(
            "whisper",
            pat_str=PATTERN,
            mergeable_ranks=dict(ranks),
            special_tokens=self._special_tokens,
        )
        self.eot = special_tokens[END_OF_TEXT]
        self.sot = special_tokens[START_OF_TRANSCRIPT]
        self.sot_prev = special_tokens[START_OF_PREV]
        self.sot_lm = special_tokens[START_OF_LM]
        self.transcribe = special_tokens[TRANSCRIBE]
        self.translate = special_tokens[TRANSLATE]
        self.no_speech = special_tokens[NO_SPEECH]
        self.no_timestamps = special_tokens[NO_TIMESTAMPS]
        self.timestamp_begin = special_tokens[FIRST_TIMESTAMP]

    @property
    def n_vocab(self) -> int:
        """One more than the highest id."""
        return self._encoding.n_vocab

    @property
    def tokens_behind_timestamps(self) -> range:
        """Tokens that Whisper's rules have no place for: a padded embedding's, a training's own.

        Official models have none. In every rule a token from the first timestamp on is a time.
        """
        return range(self.timestamp_begin + N_TIMESTAMPS, self.n_vocab)

    def encode(self, text: str) -> list[int]:
        """Return the tokens of `text`; names of special tokens in it are plain text."""
        return self._encoding.encode_ordinary(text)

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of `tokens` without timestamps; cut UTF-8 becomes U+FFFD."""
        return self.decode_with_timestamps([t for t in tokens if t < self.timestamp_begin])

    def decode_with_timestamps(self, tokens: Sequence[int]) -> str:
        """Return the text of `tokens` with timestamps written as `<|1.08|>`."""
        return self._encoding.decode(tokens)

    def sot_sequence(
        self, language: str | None = None, task: Task = "transcribe"
    ) -> tuple[int, ...]:
        """Return the tokens that start a transcript.

        Args:
            language: Code such as "en". An English-only model has no place for it, nor for the
                task. None leaves it out, as language detection wants.
            task: What to do with speech that is not English.

        Raises:
            UsageError: The model does not know the language.
        """
        if not self.is_multilingual:
            return (self.sot,)
        task_token = self.transcribe if task == "transcribe" else self.translate
        language_tokens = () if language is None else (self.language_token(language),)
        return (self.sot, *language_tokens, task_token)

    def language_token(self, code: str) -> int:
        """Return the token of a language.

        Raises:
            UsageError: The model does not know the language.
        """
        if code not in self.language_tokens:
            raise UsageError(
                f"this model does not know the language {code!r}; choose another model"
            )
        return self.language_tokens[code]

    @cached_property
    def language_tokens(self) -> Mapping[str, int]:
        """Token of each language code, in the order of `LANGUAGES`: 99, 100 since large-v3.

        English-only models have these tokens too and make no use of them.
        """
        return {
            code: self._special_tokens[f"<|{code}|>"]
            for code in LANGUAGES
            if f"<|{code}|>" in self._special_tokens
        }

    @property
    def all_language_codes(self) -> tuple[str, ...]:
        """Codes of the languages that have a token, in the order of `LANGUAGES`."""
        return tuple(self.language_tokens)

    @property
    def all_language_tokens(self) -> tuple[int, ...]:
        """Tokens of the languages, in the order of `LANGUAGES`."""
        return tuple(self.language_tokens.values())

    @property
    def num_languages(self) -> int:
        """Number of languages that have a token."""
        return len(self.language_tokens)

    @cached_property
    def non_speech_tokens(self) -> tuple[int, ...]:
        """Tokens to suppress so that nothing is written that was not spoken, sorted.

        Common punctuation stays: commas, full stops, question and exclamation marks.
        """
        tokens = {self.encode(symbol)[0] for symbol in INNER_SYMBOLS}
        for symbol in (*NON_SPEECH_SYMBOLS, *MUSIC_SYMBOLS):
            for encoded in (self.encode(symbol), self.encode(" " + symbol)):
                if len(encoded) == 1 or symbol in MUSIC_SYMBOLS:
                    tokens.add(encoded[0])
        return tuple(sorted(tokens))

    def split_to_word_tokens(
        self, tokens: Sequence[int], language: str | None = None
    ) -> tuple[list[str], list[list[int]]]:
        """Cut tokens into words and return their texts and their tokens.

        Languages written without spaces are cut at every complete character.
        """
        if language in LANGUAGES_WITHOUT_SPACES:
            return self._split_on_characters(tokens)
        return self._split_on_spaces(tokens)

    def _split_on_characters(self, tokens: Sequence[int]) -> tuple[list[str], list[list[int]]]:
        pieces = self._encoding.decode_tokens_bytes(tokens)
        ends = _character_ends(b"".join(pieces))
        words: list[str] = []
        word_tokens: list[list[int]] = []
        start = end = 0
        for i, piece in enumerate(pieces, 1):
            end += len(piece)
            if end in ends or i == len(pieces):
                words.append(b"".join(pieces[start:i]).decode(errors="replace"))
                word_tokens.append(list(tokens[start:i]))
                start = i
        return words, word_tokens

    def _split_on_spaces(self, tokens: Sequence[int]) -> tuple[list[str], list[list[int]]]:
        words: list[str] = []
        word_tokens: list[list[int]] = []
        for part, part_tokens in zip(*self._split_on_characters(tokens), strict=True):
            if not words or self._starts_word(part, part_tokens[0]):
                words.append(part)
                word_tokens.append(part_tokens)
            else:
                words[-1] += part
                word_tokens[-1] += part_tokens
        return words, word_tokens

    def _starts_word(self, part: str, first_token: int) -> bool:
        is_special = first_token >= self.eot
        return is_special or part.startswith(" ") or part.strip() in string.punctuation


def _character_ends(text: bytes) -> set[int]:
    """Return the offsets in UTF-8 at which a character ends, or a broken one is given up."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return _ends_of_broken_text(text)
    # A character ends where no byte of the form 10xxxxxx follows.
    return {len(text), *(i for i, byte in enumerate(text) if byte & 0xC0 != 0x80)}


def _ends_of_broken_text(text: bytes) -> set[int]:
    """Return what `_character_ends` does, byte by byte."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    ends = {0}
    for offset, byte in enumerate(text):
        characters = decoder.decode(bytes([byte]))
        pending, _ = decoder.getstate()
        ends.add(offset + 1 - len(pending))
        if len(characters) > 1:  # this byte showed that the ones before it are broken
            ends.add(offset)
    return ends
