"""What the model is to write for a window, token by token, and when each is heard."""

from tools.starter.passages import Passage
from tools.starter.tokenizer import Tokenizer
from tools.starter.windows import Window

IGNORED = -100  # a target that nothing is learnt from; torch's own number
GUIDE_MARGIN_S = 0.15  # either side of a word: what its attention may also use
MAX_PROMPT = 100  # tokens
NOWHERE = (0.0, 0.0)


class Writing:
    """Tokens, and what is to follow each.

    Attributes:
        tokens: What the decoder is given.
        targets: What it is to say after each; IGNORED where that does not matter.
        spans_s: When each target is heard, in seconds; NOWHERE if at no time.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokens: list[int] = []
        self.targets: list[int] = []
        self.spans_s: list[tuple[float, float]] = []
        self._tokenizer = tokenizer

    def give(self, tokens: list[int]) -> None:
        """Give tokens to the decoder that it need not say."""
        self.tokens += tokens
        self.targets += [IGNORED] * len(tokens)
        self.spans_s += [NOWHERE] * len(tokens)

    def expect(self, token: int, span_s: tuple[float, float] = NOWHERE) -> None:
        """Expect a token behind the last one given."""
        self.targets.append(token)
        self.spans_s.append(span_s)

    def write(self, token: int, span_s: tuple[float, float] = NOWHERE) -> None:
        """Expect a token and give it."""
        self.expect(token, span_s)
        self.tokens.append(token)

    def time(self, seconds: float) -> None:
        self.write(self._tokenizer.timestamp(seconds))

    def words(self, line: Passage) -> None:
        for word, start_s, end_s in zip(line.words, line.starts_s, line.ends_s, strict=True):
            for token in self._tokenizer.encode(f" {word}"):
                self.write(token, (start_s - GUIDE_MARGIN_S, end_s + GUIDE_MARGIN_S))


def write(window: Window, tokenizer: Tokenizer) -> Writing:
    """Return what Whisper writes for a window (Radford et al., 2022, figure 1)."""
    writing = Writing(tokenizer)
    if window.prompt:
        prompt = tokenizer.encode(f" {window.prompt}")[-MAX_PROMPT:]
        writing.give([tokenizer.prev, *prompt])
    writing.tokens.append(tokenizer.sot)
    if not window.lines:
        _nothing(writing, tokenizer, with_timestamps=window.with_timestamps)
    elif not window.with_timestamps:
        writing.write(tokenizer.no_timestamps)
    for line in window.lines:
        if window.with_timestamps:
            writing.time(float(line.starts_s[0]))
        writing.words(line)
        if window.with_timestamps:
            writing.time(float(line.ends_s[-1]))
    writing.expect(tokenizer.eot)
    return writing


def _nothing(writing: Writing, tokenizer: Tokenizer, *, with_timestamps: bool) -> None:
    """Expect <|nospeech|>, but give what a decoder gives that may not say it."""
    writing.expect(tokenizer.no_speech)
    writing.tokens.append(tokenizer.timestamp(0) if with_timestamps else tokenizer.no_timestamps)
