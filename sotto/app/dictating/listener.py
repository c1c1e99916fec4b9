"""From sound to text events: endpointing, partials at their pace, a final at each endpoint."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sotto.app.core.events import (
    CANCELLED,
    NOT_RECOGNISED,
    Dropped,
    Event,
    Final,
    FinalSound,
    Incident,
    Partial,
)
from sotto.app.dictating.end_of_utterance import wait
from sotto.app.dictating.intake import Timeline
from sotto.app.dictating.kept_sound import KeptSound
from sotto.app.dictating.pace import LagMeter, Pace, PaceSettings, Throttle
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.audio.speech.endpointer import Endpointer
from sotto.audio.speech.segment_events import (
    SegmentEvent,
    SpeechAudio,
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
)
from sotto.inference.streaming.recogniser import NotRecognisedError
from sotto.inference.streaming.utterance import Part, Text, Utterance

LAG_INTERVAL_S = 0.5  # figures that change faster cannot be read

# A tail that is louder than twice the silence before it, and audible, may be a quiet word.
_TAIL_FACTOR = 2.0
_AUDIBLE = 0.003  # -50 dB of full scale
_SILENCE_SAMPLES = SAMPLE_RATE // 10  # the newest 0.1 s of a pause: the voice has died away


_GIVEN_UP = "Recognition failed twice and gave up {seconds:.0f} s of what was said; "
_SAY_AGAIN = "say it again, and if it comes back, report it."
_HEAR_AGAIN = "its sound is in the history: try it there with another model."


@dataclass
class _EarlyFinal:
    """A final pass that was made in a pause: valid while nothing but silence follows."""

    text: Text
    loudest: float

    def still_holds(self, pcm: Pcm) -> bool:
        return float(np.max(np.abs(pcm), initial=0.0)) <= self.loudest


@dataclass
class _Segment:
    """The segment that is being spoken."""

    utterance: Utterance
    start: int  # sample in the stream
    end: int | None = None  # once it has a final
    is_paused: bool = False
    early: _EarlyFinal | None = None
    newest: Pcm = field(default_factory=lambda: np.zeros(0, np.float32))
    shown: tuple[str, str] = ("", "")
    shown_until_s: float = 0.0  # in its seconds: how much of the sound that is the text of
    language: str = ""
    has_failed: bool = False  # only its final is tried again
    lag: LagMeter = field(default_factory=LagMeter)
    sound: KeptSound | None = None  # where the sound of finals is kept

    def differs(self, text: str) -> bool:
        """Whether words that were shown as committed are written otherwise in their final."""
        committed = self.shown[0]
        return not (text.startswith(committed) or committed.startswith(text))

    def show(self, committed: str, tentative: str, until_s: float) -> None:
        self.shown, self.shown_until_s = (committed, tentative), until_s

    def append(self, pcm: Pcm) -> None:
        self.utterance.append(pcm)
        if self.sound is not None:
            self.sound.append(pcm)
        self.newest = np.concatenate((self.newest, pcm))[-_SILENCE_SAMPLES:]
        if self.early is not None and not self.early.still_holds(pcm):
            self.go_on()

    def go_on(self) -> None:
        """Take it that speech goes on: what was finished early is void."""
        self.is_paused = False
        self.early = None

    def goes_on(self, at: int) -> bool:
        """Whether speech that begins at a sample is heard together with this."""
        return at == self.end

    def begin_part(self) -> None:
        """Take what follows for another utterance of the same segment."""
        self.utterance.go_on()
        self.go_on()
        self.end = None
        self.show("", "", self.utterance.part_from_s)

    def finish_early(self, text: Text) -> None:
        loudest = max(_AUDIBLE, _TAIL_FACTOR * float(np.max(np.abs(self.newest))))
        self.early = _EarlyFinal(text, loudest)


class Listener:
    """Turns the sound it hears into text events. Owned by the engine thread."""

    def __init__(  # noqa: PLR0913 (the parts that it joins)
        self,
        *,
        endpointer: Endpointer,
        new_utterance: Callable[[str], Utterance],
        post: Callable[[Event], None],
        timeline: Timeline,
        pace: PaceSettings,
        is_paced: bool,
        keeps_sound: bool = False,
        keeps_doubtful_sound: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Wire the parts.

        Args:
            endpointer: cuts the sound into segments.
            new_utterance: begins the text of a segment; takes what was said before it.
            post: takes the events.
            timeline: where the stream stands.
            pace: the cadence of partials.
            is_paced: whether sound comes at the speed of speech. Otherwise there is no lag, and
                the cadence takes no notice of how fast the machine is.
            keeps_sound: whether each final comes with its sound.
            keeps_doubtful_sound: whether a final does that is doubtful, and what is given up.
            is_cancelled: whether nobody wants the text any more that is being recognised.
        """
        self._endpointer = endpointer
        self._new_utterance = new_utterance
        self._post = post
        self._timeline = timeline
        self._pace = Pace(pace)
        self._is_paced = is_paced
        self._lags = Throttle(LAG_INTERVAL_S)
        self._segment: _Segment | None = None
        self._ended: _Segment | None = None  # the one before, if the next may follow it closely
        self._keeps_sound = keeps_sound
        self._keeps_doubtful_sound = keeps_doubtful_sound
        self._is_cancelled = is_cancelled
        self._n_utterances = 0  # finals and stretches without text so far
        self._said = ""  # the newest final, or nothing where that is doubtful

    def hear(self, pcm: Pcm) -> None:
        """Take the next samples (n,) and post the finals of segments that end in them."""
        self._handle(self._endpointer.feed(pcm))

    def update(self) -> None:
        """Decode at most once what was heard since the last decode, if it is time to."""
        segment = self._segment
        if segment is None or segment.has_failed:
            return
        try:
            self._decode_if_due(segment)
        except NotRecognisedError:
            segment.has_failed = True

    def _decode_if_due(self, segment: _Segment) -> None:
        if segment.is_paused:
            if segment.early is None:
                text = self._decode(segment, segment.utterance.finish)
                self._show(segment, text)
                segment.finish_early(text)
                self._endpointer.set_wait(wait(text))
        elif self._pace.is_due(segment.utterance.undecoded_s):
            self._partial(segment)

    @property
    def settled(self) -> int:
        """The sample before which all sound is text that was posted, or holds no speech."""
        segment = self._segment
        if segment is None:
            return self._endpointer.oldest
        return segment.start + round(segment.utterance.part_from_s * SAMPLE_RATE)

    def finish(self) -> None:
        """Post the final of the segment that is open when the sound ends."""
        self._handle(self._endpointer.flush())

    def break_off(self) -> None:
        """End the open segment where sound is missing; nothing before it is context any more."""
        self._handle(self._endpointer.cut())
        self._said, self._ended = "", None

    def abandon(self) -> None:
        """Give up the open segment."""
        if self._segment is not None:
            self._drop(self._segment, self._timeline.n_fed, CANCELLED)

    def _handle(self, events: list[SegmentEvent]) -> None:
        for event in events:
            if isinstance(event, SpeechStarted):
                self._segment = self._begin(event.start)
            elif self._segment is not None:
                self._follow(self._segment, event)

    def _begin(self, start: int) -> _Segment:
        ended, self._ended = self._ended, None
        if ended is not None and ended.goes_on(start):
            ended.begin_part()
            return ended
        is_kept = self._keeps_sound or self._keeps_doubtful_sound
        sound = KeptSound(start) if is_kept else None
        return _Segment(self._new_utterance(self._said), start, sound=sound)

    def _follow(self, segment: _Segment, event: SegmentEvent) -> None:
        match event:
            case SpeechAudio(pcm):
                segment.append(pcm)
            case SpeechPaused():
                segment.is_paused = True
            case SpeechResumed():
                segment.go_on()
            case SpeechEnded(end):
                self._end(segment, end)

    def _partial(self, segment: _Segment) -> None:
        before = self._timeline.now
        self._show(segment, self._decode(segment, segment.utterance.partial))
        if self._is_paced:
            self._pace.decoded(self._timeline.now - before)

    def _decode(self, segment: _Segment, decode: Callable[[], Text]) -> Text:
        """Run a decode of the segment and measure it."""
        before = self._timeline.now
        try:
            text = decode()
        except NotRecognisedError:
            if parts := segment.utterance.take_parts():
                self._finish_parts(segment, parts, is_doubtful=False)
                segment.show("", "", parts[-1].end_s)
            raise
        self._measure(segment, self._timeline.now - before)
        segment.language = text.language
        parts = segment.utterance.take_parts()
        self._finish_parts(segment, parts, is_doubtful=text.is_doubtful)
        return text

    def _finish_parts(self, segment: _Segment, parts: list[Part], *, is_doubtful: bool) -> None:
        for part in parts:
            self._finish(segment, part, is_doubtful=is_doubtful)

    def _show(self, segment: _Segment, text: Text) -> None:
        is_new = segment.shown != (text.committed, text.tentative)
        segment.show(text.committed, text.tentative, segment.utterance.decoded_s)
        if is_new:
            self._post(
                Partial(
                    self._timeline.t,
                    self._timeline.audio_s,
                    text.committed,
                    text.tentative,
                    text.language,
                    self._n_utterances,
                    text.joined_by,
                )
            )

    def _measure(self, segment: _Segment, compute_s: float) -> None:
        now, decoded_s = self._timeline.now, segment.utterance.decoded_s
        waiting_s = self._timeline.audio_s - segment.start / SAMPLE_RATE - decoded_s
        lag_s = now - self._timeline.fed_at + max(0.0, waiting_s) if self._is_paced else 0.0
        lag = segment.lag.measure(compute_s=compute_s, decoded_s=decoded_s, lag_s=lag_s)
        if self._lags.passes(now):
            self._post(lag)

    def _end(self, segment: _Segment, end: int) -> None:
        try:
            early = segment.early
            text = early.text if early else self._decode(segment, segment.utterance.finish)
        except NotRecognisedError:
            self._give_up(segment, end)
            return
        if self._is_cancelled():
            self._drop(segment, end, CANCELLED)
            return
        if not text.whole.strip():
            self._drop(segment, end, text.reason or "no speech")
            return
        self._segment = None
        end_s = (end - segment.start) / SAMPLE_RATE
        doubtful = text.is_doubtful
        part = Part(text.whole, segment.utterance.part_from_s, end_s, text.joined_by)
        self._finish(segment, part, is_doubtful=doubtful)
        self._said = "" if doubtful else text.whole
        segment.end = end
        self._ended = None if doubtful else segment

    def _give_up(self, segment: _Segment, end: int) -> None:
        """Keep the words so far, and drop the sound that nobody could recognise."""
        if self._is_cancelled():
            self._drop(segment, end, CANCELLED)
            return
        from_s, words = segment.utterance.part_from_s, "".join(segment.shown)
        if words.strip():
            from_s = max(from_s, segment.shown_until_s)
            part_from_s = segment.utterance.part_from_s
            self._finish(segment, Part(words, part_from_s, from_s), is_doubtful=True)
        self._said = ""
        lost_s = end / SAMPLE_RATE - segment.start / SAMPLE_RATE - from_s
        remedy = _SAY_AGAIN if segment.sound is None else _HEAR_AGAIN
        told = _GIVEN_UP.format(seconds=max(1.0, lost_s)) + remedy
        self._post(Incident(self._timeline.t, told))
        if segment.sound is not None:
            self._post_sound(segment.sound, segment.start / SAMPLE_RATE + from_s, end / SAMPLE_RATE)
        self._drop(segment, end, NOT_RECOGNISED, from_s)

    def _finish(self, segment: _Segment, part: Part, *, is_doubtful: bool) -> None:
        """Post the final of a part of the segment."""
        timeline, began_s = self._timeline, segment.start / SAMPLE_RATE
        start_s, end_s = began_s + part.start_s, began_s + part.end_s
        if segment.sound is not None:
            if self._keeps_sound or is_doubtful:
                self._post_sound(segment.sound, start_s, end_s)
            else:
                segment.sound.forget(end_s)
        self._post(
            Final(
                timeline.t,
                timeline.audio_s,
                start_s,
                end_s,
                part.text,
                segment.language,
                segment.differs(part.text),
                self._n_utterances,
                is_doubtful,
                part.joined_by,
            )
        )
        self._n_utterances += 1

    def _post_sound(self, sound: KeptSound, start_s: float, end_s: float) -> None:
        """Post what was heard between two times of the stream."""
        pcm = sound.take(start_s, end_s)
        self._post(FinalSound(start_s, end_s, pcm, self._n_utterances))

    def _drop(self, segment: _Segment, end: int, reason: str, from_s: float | None = None) -> None:
        self._segment = None
        # What lies before was given in finals of its own.
        from_s = segment.utterance.part_from_s if from_s is None else from_s
        start_s = segment.start / SAMPLE_RATE + from_s
        end_s = end / SAMPLE_RATE
        self._post(Dropped(self._timeline.t, start_s, end_s, reason, self._n_utterances))
        self._n_utterances += 1
