"""What sound tracks several recordings have in common, such as the episodes of a series."""

from collections.abc import Sequence

from sotto.audio.files.selection import Track


def common_tracks(each: Sequence[Sequence[Track]]) -> tuple[Track, ...]:
    """Return the tracks that all recordings have, with what is true of all.

    Of one recording these are its own. One without any, as nobody can read it, does not count.
    """
    known = [tracks for tracks in each if tracks]
    if not known:
        return ()
    return tuple(map(_common, zip(*known, strict=False)))  # as many as the one with fewest has


def _common(tracks: Sequence[Track]) -> Track:
    return Track(
        min(track.n_channels for track in tracks),
        _same([track.language for track in tracks]),
        _same([track.title for track in tracks]),
        is_default=all(track.is_default for track in tracks),
    )


def _same(words: Sequence[str]) -> str:
    return words[0] if len(set(words)) == 1 else ""
