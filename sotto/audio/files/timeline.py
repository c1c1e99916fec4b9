"""Where each decoded frame belongs in the recording, by its time stamp, if that can be believed.

A film's sound may begin after its picture, pause, or lack what is damaged; silence takes the place,
so that what follows is where the film has it. Time stamps of damaged files may say anything.
"""

from sotto.audio.files.missing import Missing

GAP_S = 0.1
"""Time stamps are off by some milliseconds (Matroska rounds them) without a gap in the sound.
FFmpeg's `aresample=async=1` fills from 0.1 s on, too."""
MAX_GAP_S = 600.0
"""The longest gap that is believed where the file does not say how long it is."""
MAX_SILENCE_S = 2 * 3600.0
"""All gaps together: 460 MB of samples. More is a damaged file, or one made to fill the memory."""
BEHIND_END_S = 1.0
"""Headers round: a track may end a little behind the length that the file gives."""
NOTHING_S = 0.02
"""Damage that took less than the shortest frame of a codec took no sound, but a tag say."""
SHORTFALL_S = 0.5
"""Codecs pad and headers round: an undamaged file is up to 0.1 s shorter than its header says."""


class Timeline:
    """The place that decoding has come to.

    Args:
        length_s: length of the track as the file tells it, or None.
        is_exact: whether that counts samples; or else it is estimated, from the bit rate say.
    """

    def __init__(self, length_s: float | None, *, is_exact: bool) -> None:
        self.position_s = 0.0
        self._length_s = length_s
        self._is_exact = is_exact
        self._shift_s = 0.0  # from time stamps to places: a stamp that is not believed moves it
        self._silence_s = 0.0
        self._is_damaged = False  # since the last good frame

    def damage(self) -> None:
        """Note that something could not be decoded."""
        self._is_damaged = True

    def gap_before(self, stamp_s: float | None) -> tuple[float, Missing | None]:
        """Return the silence before a frame of that time stamp, and whether sound is missing there.

        The place moves on by it.
        """
        gap_s, is_damaged, self._is_damaged = self._gap(stamp_s), self._is_damaged, False
        start_s = self.position_s
        self.position_s += gap_s
        self._silence_s += gap_s
        is_missing = is_damaged and gap_s > NOTHING_S
        return gap_s, Missing(start_s, self.position_s) if is_missing else None

    def advance(self, seconds: float) -> None:
        """Move on by the length of a frame."""
        self.position_s += seconds

    def end(self, *, is_cut: bool = False) -> Missing | None:
        """Return what is missing behind the last frame.

        Args:
            is_cut: whether the file is known to go on where it was cut off.
        """
        length_s = self._length_s
        if length_s is not None:
            length_s += self._shift_s
        is_short = length_s is not None and self.position_s < length_s - SHORTFALL_S
        if is_short and (self._is_exact or self._is_damaged or is_cut):
            return Missing(self.position_s, length_s)
        return Missing(self.position_s, None) if is_cut else None

    def _gap(self, stamp_s: float | None) -> float:
        if stamp_s is None:
            return 0.0
        gap_s = stamp_s + self._shift_s - self.position_s
        if abs(gap_s) <= GAP_S and not self._is_damaged:
            return 0.0
        if gap_s > 0 and self._believes(gap_s):
            return gap_s
        self._shift_s -= gap_s
        return 0.0

    def _believes(self, gap_s: float) -> bool:
        if self._silence_s + gap_s > MAX_SILENCE_S:
            return False
        if self._length_s is None:
            return gap_s <= MAX_GAP_S
        return self.position_s + gap_s <= self._length_s + BEHIND_END_S
