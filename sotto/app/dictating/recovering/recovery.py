"""What a session that was cut off still owes: its texts, and the words in its sound."""

from collections.abc import Callable, Iterator
from pathlib import Path

from sotto.app.core.events import NOT_RECOGNISED, Dropped, Event, Fault, Final, Recovered
from sotto.app.core.journal.left import KEPT_DAYS, LeftJournal, left_journals
from sotto.app.core.settings import Settings
from sotto.app.core.traces.logger import DEFECT, logger
from sotto.app.dictating.new_session import new_session
from sotto.app.dictating.recognising import Recognisers
from sotto.app.dictating.session import Feed
from sotto.audio.input.sample_source import SampleSource
from sotto.audio.input.source import SAMPLE_RATE, Pcm
from sotto.errors import InternalError, ModelError, SottoError

_BLOCK = SAMPLE_RATE // 10  # as a file that is fed without waiting

_log = logger(__name__)

Keep = Callable[[Recovered], None]


class Recovery:
    """Recovers journals one after another, in the thread that calls it.

    Args:
        settings: the user's; the languages are those of the session that was cut off.
        recognisers: give what recognises.
        keep: keeps a text, and returns once it is kept: from then on it is not recovered again.
        keep_sound: keeps sound on which recognition broke each time, and the words that are known
            of it; returns whether somebody has it.
    """

    def __init__(
        self,
        settings: Settings,
        recognisers: Recognisers,
        keep: Keep,
        keep_sound: Callable[[LeftJournal, str], bool] | None = None,
    ) -> None:
        self._settings = settings
        self._recognisers = recognisers
        self._keep = keep
        self._keep_sound = keep_sound

    def run(self, folder: Path, face: str) -> Iterator[str]:
        """Recover all that a process of this face left; yield a line about what cannot be."""
        for left in left_journals(folder, face):
            try:
                yield from self._recover(left)
            except SottoError as error:
                yield f"what was said before Sotto was cut off is not recovered yet: {error}"
            except OSError as error:
                why = (error.strerror or str(error)).lower()
                yield f"{folder} cannot be used ({why}): make room there, and start Sotto again."
            except Exception as error:  # noqa: BLE001 (what is said now must not wait for it)
                _log.log(DEFECT, "recovery broke off", exc_info=error)
                yield f"what was said before Sotto was cut off: {InternalError.of(error)}"
            finally:
                left.give_up()

    def _recover(self, left: LeftJournal) -> Iterator[str]:
        for passage in left.record.passages:
            self._give(left, passage.start_s, passage.end_s, passage.text, passage.language)
            left.kept(passage)
        sound = left.sound()
        if len(sound) and not left.is_worth_trying:
            yield from self._leave(left)
            return
        if len(sound):
            left.begin()
            self._recognise(left, sound)
        left.remove()

    def _recognise(self, left: LeftJournal, sound: Pcm) -> None:
        began_s = left.sound_start_s
        faults: list[Fault] = []
        broken: list[Dropped] = []

        def follow(event: Event) -> None:
            match event:
                case Dropped(reason=reason) if reason == NOT_RECOGNISED:
                    broken.append(event)
                    session.cancel()  # what lies behind is not settled before this is
                case Final(start=start, end=end, text=text, language=language):
                    self._give(left, began_s + start, began_s + end, text, language)
                    left.settle(began_s + end)
                case Dropped(end=end):
                    left.settle(began_s + end)
                case Fault():
                    faults.append(event)

        blocks = (sound[at : at + _BLOCK] for at in range(0, len(sound), _BLOCK))
        spoken = left.record.spoken
        source = SampleSource(blocks)
        session = new_session(
            source, Feed.UNPACED, self._settings, follow, self._recognisers, spoken=spoken
        )
        session.run()
        if broken:
            raise ModelError("recognition broke off; the next start tries again")
        if faults:
            left.forgive()  # there is no model, say: that is not the sound's doing
            raise ModelError(faults[0].message)

    def _leave(self, left: LeftJournal) -> Iterator[str]:
        """Give what is known of sound on which recognition breaks, and leave it alone."""
        committed, start_s = left.record.committed.strip(), left.sound_start_s
        if self._keep_sound is not None and self._keep_sound(left, committed):
            left.remove()
            return
        if committed:
            self._give(left, start_s, start_s, committed, "")
        if left.tell_once():
            yield (
                f"some of what was said before Sotto was cut off cannot be recognised; its sound "
                f"stays in {left.folder} for {KEPT_DAYS} days."
            )

    def _give(
        self, left: LeftJournal, start_s: float, end_s: float, text: str, language: str
    ) -> None:
        when = left.record.when.isoformat(timespec="seconds")
        self._keep(Recovered(when, start_s, end_s, text, language))
        _log.info("recovered text of %.1f s", end_s - start_s)
