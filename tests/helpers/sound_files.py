"""Sound files in every format, made by the same libraries that users have."""

import io

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

FORMATS = ("wav", "flac", "mp3", "ogg", "opus", "m4a")
_SOUNDFILE = {"wav": "WAV", "flac": "FLAC", "mp3": "MP3", "ogg": "OGG"}
_AV = {"m4a": ("ipod", "aac"), "opus": ("ogg", "libopus")}


def encode(samples: NDArray[np.float32], rate: int, file_format: str) -> bytes:
    """Encode samples (n,) or (n, n_channels)."""
    if file_format in _SOUNDFILE:
        file = io.BytesIO()
        soundfile.write(file, samples, rate, format=_SOUNDFILE[file_format])
        return file.getvalue()
    return _encode_with_av(samples.reshape(len(samples), -1), rate, *_AV[file_format])


def _encode_with_av(
    samples: NDArray[np.float32], rate: int, container_format: str, codec: str
) -> bytes:
    file = io.BytesIO()
    layout = {1: "mono", 2: "stereo"}[samples.shape[1]]
    with av.open(file, "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples.T), format="fltp", layout=layout
        )
        frame.sample_rate = rate
        cut = av.AudioResampler(stream.format, layout, rate, frame_size=stream.frame_size)
        for piece in [*cut.resample(frame), *cut.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return file.getvalue()
