"""How much the server takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What keeps memory, disk and waiting bounded, whatever is sent.

    Attributes:
        upload_bytes: of a request's body.
        audio_s: seconds of a recording, or of what is said in a live session.
        files_at_once: recordings that are in memory; the others wait as files.
        files_waiting: requests that have a place, those being worked on among them.
        live: sessions at once.
        idle_s: seconds without a byte of a body, or without sound in a live session.
    """

    upload_bytes: int = 1 << 30
    audio_s: float = 3 * 3600.0
    files_at_once: int = 2
    files_waiting: int = 64
    live: int = 16
    idle_s: float = 30.0

    @property
    def files_of_one(self) -> int:
        """How many places one client can have: an eighth is for others."""
        return self.files_waiting - self.files_waiting // 8
