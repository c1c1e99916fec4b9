"""What becomes of the events of sessions: each utterance is read once, by one `Writer`."""

from dataclasses import dataclass, replace

from sotto.app.core.events import CANCELLED, Dropped, Event, Final, Gap, Partial
from sotto.app.core.settings import InsertWhen, Settings
from sotto.app.core.transcript import Transcript
from sotto.app.core.words import Action, Insert, Scratch, StopListening, WordSettings, Writer
from sotto.app.core.words.actions import merged
from sotto.app.desktop.insertion import Target
from sotto.app.dictating.phases import Purpose
from sotto.inference.languages import AUTO

# Dictating on into the same window after a short while goes on in the same sentence, with a space.
GOES_ON_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Passage:
    """What came of an event.

    Attributes:
        actions: what is to be done in the application, if the text goes into one.
        final: with the text as it was written; None where the event was no final.
        asks_to_stop: whether the user said that they want to stop.
    """

    actions: tuple[Action, ...] = ()
    final: Final | None = None
    asks_to_stop: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dictation goes, and what is spoken in it.

    Attributes:
        run: the dictation's number; 0 is none.
        purpose: whether that is an application.
        language: of the key that began it, or auto; empty where the settings say it.
        target: the window, as far as it is known.
    """

    run: int
    purpose: Purpose
    language: str = ""
    target: Target | None = None


_NOWHERE = Place(0, Purpose.APPLICATION)


class WrittenText:
    """The transcript, and what stands in the application that was written into last.

    Owned by the thread of the dictation machine.

    Attributes:
        transcript: all that was dictated, wherever it went.
        captions: of the newest session for captions; nobody keeps it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.transcript = Transcript()
        self.captions = Transcript()
        self._window = Writer.of(WordSettings.of(settings))
        self._newest = Purpose.WINDOW  # whose writer wrote the last paragraph
        self._application = self._window
        self._place = _NOWHERE  # what `_application` wrote into
        self._written_at_s = 0.0
        self._committed = ""  # of the utterance being spoken, where words are written early
        self._early: tuple[Action, ...] = ()  # what was done for them

    def use(self, settings: Settings) -> None:
        """Write as these settings say from the next utterance on."""
        self._settings = settings
        self._window = self._window.with_settings(WordSettings.of(settings))
        self._application = self._application.with_settings(self._words_of(self._place))

    def put(self, transcript: Transcript) -> None:
        """Replace the transcript."""
        self.transcript = transcript
        self._window = Writer.of(WordSettings.of(self._settings))

    def begin(self, purpose: Purpose) -> None:
        """A session begins."""
        self._committed, self._early = "", ()
        if purpose is Purpose.CAPTIONS:
            self.captions = Transcript()

    def hear(self, place: Place, event: Event, now_s: float) -> Passage:
        """Take note of an event of the session that runs, and return what came of it."""
        if place.purpose is Purpose.CAPTIONS:
            self.captions = self.captions.after(event)
            return Passage()
        if isinstance(event, Final):
            return self._finish(place, event, now_s)
        self.transcript = self.transcript.after(event)
        if isinstance(event, Gap):
            self._window, self._application = self._window.part(), self._application.part()
        if place.purpose is Purpose.WINDOW or not self._writes_early:
            return Passage()
        match event:
            case Partial():
                return self._write_early(place, event, now_s)
            case Dropped(reason=reason) if reason == CANCELLED:
                return self._take_back(place)
        return Passage()

    def undo(self) -> tuple[int, tuple[Action, ...]]:
        """Take back what was written last; return the dictation that wrote it, and what to do."""
        actions, self._application = self._application.scratch()
        return self._place.run, actions

    def find(self, run: int, target: Target | None) -> None:
        """The window that a dictation goes to is known now."""
        if self._place.run == run:
            self._place = replace(self._place, target=target)

    def forget_place(self) -> None:
        """Begin anew: what stands before the caret is not known any more."""
        self._place = _NOWHERE

    def _finish(self, place: Place, final: Final, now_s: float) -> Passage:
        if place.purpose is Purpose.WINDOW:
            actions, self._window = _final(self._window, final)
            return self._passage(place, final, actions, ())
        actions, writer = _final(self._writer_for(place, now_s), final)
        early, self._early, self._committed = self._early, (), ""
        self._remember(place, actions, writer, now_s)
        return self._passage(place, final, merged((*early, *actions)), actions)

    def _passage(
        self, place: Place, final: Final, said: tuple[Action, ...], actions: tuple[Action, ...]
    ) -> Passage:
        """Write an utterance into the transcript, too."""
        text = ""
        for action in said:
            match action:
                case Insert(inserted):
                    text += inserted
                case Scratch(scratched) if self._newest is place.purpose:
                    self.transcript = self.transcript.without_end(scratched)
        if final.joined_by and text.startswith(final.joined_by):
            text = text.removeprefix(final.joined_by)
            if self._newest is place.purpose:
                self.transcript = self.transcript.with_end(final.joined_by)
        # The transcript was changed already, as the application was.
        self.transcript = self.transcript.after(replace(final, text=text, joined_by=None))
        self._newest = place.purpose if text.strip() else self._newest
        is_joined = any(isinstance(action, Scratch) for action in said)
        joined_by = final.joined_by if is_joined else None  # a mark that was spoken stays
        final = replace(final, text=text.strip(), joined_by=joined_by)
        return Passage(actions, final, _asks_to_stop(said))

    def _write_early(self, place: Place, partial: Partial, now_s: float) -> Passage:
        self._committed = partial.committed
        actions, writer = self._writer_for(place, now_s).committed(
            partial.committed, partial.language, partial.joined_by
        )
        self._early = (*self._early, *actions)
        self._remember(place, actions, writer, now_s)
        return Passage(actions, asks_to_stop=_asks_to_stop(actions))

    def _take_back(self, place: Place) -> Passage:
        """Delete what was written early of an utterance that is cancelled."""
        committed, self._committed, self._early = self._committed, "", ()
        if place.run != self._place.run or not self._application.said.text:
            return Passage()
        ending, writer = self._application.final(committed)
        scratching, self._application = writer.scratch()
        return Passage((*ending, *scratching))

    def _writer_for(self, place: Place, now_s: float) -> Writer:
        if place.run == self._place.run:
            return self._application
        if self._is_continued_by(place, now_s):
            return self._application.with_settings(self._words_of(place))
        return Writer.of(self._words_of(place))

    def _is_continued_by(self, place: Place, now_s: float) -> bool:
        is_same = self._place.target is not None and place.target == self._place.target
        return is_same and now_s - self._written_at_s < GOES_ON_WITHIN_S

    def _remember(
        self, place: Place, actions: tuple[Action, ...], writer: Writer, now_s: float
    ) -> None:
        """Go on from here; where nothing was written, what was written last can be undone."""
        if actions or place.run == self._place.run:
            self._application, self._place, self._written_at_s = writer, place, now_s

    def _words_of(self, place: Place) -> WordSettings:
        settings = self._settings
        if place.language:
            settings = replace(settings, language="" if place.language == AUTO else place.language)
        return WordSettings.of(settings)

    @property
    def _writes_early(self) -> bool:
        return self._settings.insert_when is InsertWhen.COMMITTED


def _final(writer: Writer, final: Final) -> tuple[tuple[Action, ...], Writer]:
    return writer.final(final.text, final.language, final.joined_by)


def _asks_to_stop(actions: tuple[Action, ...]) -> bool:
    return any(isinstance(action, StopListening) for action in actions)
