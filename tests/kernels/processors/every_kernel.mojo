"""Every kernel of the CPU, to be compiled for processors that are not here; not to be run."""

from kernels.alignment.cpu import Scores, find_looks
from kernels.alignment.warp import find_starts
from kernels.attention.decoder import cached_self_attention, cross_attention
from kernels.attention.encoder import Window, attend
from kernels.attention.sequences import Layer, Sequences
from kernels.floats import Floats, allocate
from kernels.layer_norm.cpu import Selection, layer_norm
from kernels.linear.cpu import Rows, linear
from kernels.linear.tile import Epilogue
from kernels.log_mel.cpu import log_mel_cpu
from kernels.log_mel.mel import Filters, Signal
from kernels.log_mel.smooth import Rows as Mel, smooth_cpu
from kernels.quantised.cpu import Matrix, Perceptron, quantised_linear, quantised_mlp
from kernels.quantised.layout import Groups, allocate_words
from kernels.quantised.rows import Norm
from kernels.quantised.tile import Scaling
from std.sys import argv


@fieldwise_init
struct Kernels:
    """Calls of all kernels, with sizes and pointers that the compiler can know nothing of."""

    var n: Int
    var floats: Floats
    var words: Groups

    def rows(self) -> Rows:
        """Return the input of a product."""
        return Rows(self.floats, self.n, self.n, self.n, self.n, self.n)

    def epilogue(self) -> Epilogue:
        """Return the output of a product."""
        return Epilogue(
            self.floats, self.n > 1, self.n, self.n, self.n, self.floats, True, True, self.floats
        )

    def matrix(self) -> Matrix:
        """Return byte weights."""
        var scaling = Scaling(self.floats, self.words)
        return Matrix(self.words.unsafe_bitcast[Int8](), scaling, self.n, self.n)

    def log_mel(self):
        """What every model hears with."""
        var signal = Signal(self.floats, self.n, self.words, self.n)
        var filters = Filters(self.words, self.floats, self.n, self.n)
        log_mel_cpu(signal, self.floats, filters, self.floats)
        smooth_cpu(Mel(self.floats, self.n, self.n), self.floats)

    def alignment(self):
        """From scores to the starts of tokens."""
        find_looks(Scores(self.floats, self.n, self.n, self.n, self.n), self.floats)
        find_starts(self.floats, self.n, self.n, self.n, self.words)

    def attention(self):
        """The encoder's and the decoder's; the audio of byte weights is of half precision."""
        var window = Window(self.words.unsafe_bitcast[Int64](), self.n)
        attend(self.n, window.heads(self.floats, self.floats, self.n, self.n), self.n)
        cached_self_attention(
            self.floats, self.sequences(), self.layer(), self.floats, self.n, self.n
        )
        self.cross_attention[DType.float32]()
        self.cross_attention[DType.float16]()

    def cross_attention[dtype: DType](self):
        """With keys and values of a type."""
        cross_attention[dtype](
            self.floats,
            self.sequences(),
            self.layer(),
            self.words,
            self.floats,
            self.n,
            self.n,
        )

    def sequences(self) -> Sequences:
        """Return what belongs to the tokens."""
        var numbers = self.words.unsafe_bitcast[Int64]()
        return Sequences(numbers, numbers)

    def layer(self) -> Layer:
        """Return a layer of the decoder."""
        return Layer(self.n, self.n, self.n)

    def float32(self):
        """Products of floats."""
        var selection = Selection(self.words.unsafe_bitcast[Int64](), self.n)
        layer_norm(
            self.floats,
            self.floats,
            self.floats,
            self.floats,
            selection,
            self.n,
            self.n,
            self.n,
        )
        linear(self.rows(), self.floats, self.epilogue(), self.n)

    def int8(self):
        """Products of bytes."""
        var norm = Norm(self.n > 1, self.floats, self.floats)
        quantised_linear(self.n, self.rows(), norm, self.matrix(), self.epilogue(), self.n)
        var layers = Perceptron(self.matrix(), self.floats, self.matrix())
        quantised_mlp(self.n, self.rows(), norm, layers, self.epilogue(), self.n)


def main():
    var n = len(argv())
    var kernels = Kernels(n, allocate(n), allocate_words(n))
    kernels.log_mel()
    kernels.alignment()
    kernels.attention()
    kernels.float32()
    kernels.int8()
