"""What the CPU and the GPU share around the transform."""

comptime FLOOR = Float32(1e-10)  # power below which openai-whisper calls it silence
comptime LOG10_OF_2 = Float32(0.30102999566398120)


@always_inline
def reflected(position: Int, n_samples: Int) -> Int:
    """The sample that stands for `position`, which may lie outside, as `numpy.pad(mode="reflect")`.

    The edge sample is not repeated; a signal shorter than the padding is reflected repeatedly.
    """
    var period = max(2 * (n_samples - 1), 1)
    var offset = abs(position) % period
    return min(offset, period - offset)


# Pointers whose tensors MAX keeps alive while the operation runs.
comptime Floats = Pointer[Float32, MutUntrackedOrigin]
comptime Ints = Pointer[Int32, MutUntrackedOrigin]


@always_inline
def floats(data: Pointer[Float32, MutAnyOrigin]) -> Floats:
    return data.unsafe_origin_cast[MutUntrackedOrigin]()


@always_inline
def ints(data: Pointer[Int32, MutAnyOrigin]) -> Ints:
    return data.unsafe_origin_cast[MutUntrackedOrigin]()


@fieldwise_init
struct Signal(Copyable, TrivialRegisterPassable):
    """Samples and the frames of them to analyse, each at its own start, which may lie outside."""

    var samples: Floats
    var n_samples: Int
    var starts: Ints
    var n_frames: Int


@fieldwise_init
struct Filters(Copyable, TrivialRegisterPassable):
    """Triangular filters: filter m weighs bins first[m] … end[m] by its row of weights."""

    var limits: Ints  # (n_mels, 2): first bin, end bin
    var weights: Floats  # (n_mels, longest)
    var n_mels: Int
    var longest: Int
