"""The sequences whose tokens are decoded together, each with a cache and audio of its own.

They lie wherever their owners put them, so a call says where: sequences come, go and change places
from call to call, and nothing is copied for that.
"""

from ..floats import Floats
from .row import HEAD_DIM, Head, Numbers

comptime Integers = Pointer[Int32, MutUntrackedOrigin]
comptime Table = Pointer[Int64, MutUntrackedOrigin]

comptime COLUMNS = 7
comptime KEYS = 0
"""Address of the cache's keys, float32 (n_text_layer, n_text_ctx, state)."""
comptime VALUES = 1
"""Address of its values, alike."""
comptime AUDIO = 2
"""Address of (2 * n_text_layer * n_text_head, n_ctx, HEAD_DIM), a layer's keys before its values:
a head's lie together, since each token reads all of them."""
comptime N_CTX = 3
"""Encoder positions of the audio."""
comptime SCORES = 4
"""Address where scores before softmax are kept, float32 (n_kept, count, n_ctx), or 0."""
comptime FIRST = 5
"""Position of the first token of this call."""
comptime COUNT = 6
"""How many tokens of this call are the sequence's."""


@fieldwise_init
struct Layer(TrivialRegisterPassable):
    """Which of the decoder's layers is at work, and the shape of a cache's layer."""

    var index: Int
    var n_text_ctx: Int
    var state: Int


@fieldwise_init
struct Cache(TrivialRegisterPassable):
    """Keys and values (n_text_ctx, state) of a layer; those before `position` are there."""

    var keys: Floats
    var values: Floats
    var position: Int

    @always_inline
    def append(self, row: Floats, at: Int, state: Int):
        """Copy a head's key and value, at column `at`, from behind its query in a row of qkv."""
        var to = self.position * state + at
        for c in range(HEAD_DIM):
            self.keys[unsafe_offset=to + c] = row[unsafe_offset=state + c]
            self.values[unsafe_offset=to + c] = row[unsafe_offset=2 * state + c]


@fieldwise_init
struct Sequences(TrivialRegisterPassable):
    """What belongs to each token of a call.

    `table` (n_sequences, COLUMNS); `places` (n, 2): of each token its sequence and its position.
    """

    var table: Table
    var places: Table

    @always_inline
    def position(self, token: Int) -> Int:
        """Return at which position of its sequence a token stands."""
        return Int(self.places[unsafe_offset=2 * token + 1])

    @always_inline
    def get(self, token: Int, column: Int) -> Int:
        """Return an entry of the sequence of a token."""
        var sequence = Int(self.places[unsafe_offset=2 * token])
        return Int(self.table[unsafe_offset=sequence * COLUMNS + column])

    @always_inline
    def cache(self, token: Int, layer: Layer) -> Cache:
        """Return where the keys and values of a layer lie for the sequence of a token."""
        var offset = layer.index * layer.n_text_ctx * layer.state
        return Cache(
            keys=Floats(unsafe_from_address=self.get(token, KEYS)).unsafe_offset(offset),
            values=Floats(unsafe_from_address=self.get(token, VALUES)).unsafe_offset(offset),
            position=self.position(token),
        )

    @always_inline
    def audio[dtype: DType](self, token: Int, layer: Layer, head: Int) -> Head[dtype]:
        """Return what a head of a layer hears for the sequence of a token."""
        var n_ctx = self.get(token, N_CTX)
        var heads = layer.state // HEAD_DIM
        var all = Numbers[dtype](unsafe_from_address=self.get(token, AUDIO))
        var first = 2 * layer.index * heads + head
        return Head[dtype](
            keys=all.unsafe_offset(first * n_ctx * HEAD_DIM),
            values=all.unsafe_offset((first + heads) * n_ctx * HEAD_DIM),
            length=n_ctx,
            stride=HEAD_DIM,
        )

    @always_inline
    def keep(self, token: Int, slot: Int, scores: Floats):
        """Copy a token's scores to where its sequence keeps those of a head, if it does."""
        var address = self.get(token, SCORES)
        if address == 0 or slot < 0:
            return
        var n_ctx = self.get(token, N_CTX)
        var row = slot * self.get(token, COUNT) + self.position(token) - self.get(token, FIRST)
        var to = Floats(unsafe_from_address=address).unsafe_offset(row * n_ctx)
        for j in range(n_ctx):
            to[unsafe_offset=j] = scores[unsafe_offset=j]

    def longest(self, n: Int) -> Int:
        """Return the most keys that one of n tokens sees in its cache."""
        var longest = 0
        for i in range(n):
            longest = max(longest, self.position(i) + 1)
        return longest

    def longest_audio(self, n: Int) -> Int:
        """Return the most encoder positions that one of n tokens hears."""
        var longest = 0
        for i in range(n):
            longest = max(longest, self.get(i, N_CTX))
        return longest

    def heard(self, n: Int) -> Int:
        """Return how many encoder positions n tokens hear, all together."""
        var total = 0
        for i in range(n):
            total += self.get(i, N_CTX)
        return total
