"""Recognition in a process of its own, which may crash or hang without a word being lost.

`Recognisers` gives sessions what recognises; `RestartingRecogniser` is what they hold of it.
`child` is the program at the other end of the pipe, `protocol` what goes through it.
"""

from sotto.app.dictating.recognising.recognisers import Recognisers

__all__ = ["Recognisers"]
