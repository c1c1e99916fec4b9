"""What is found in a model's files, whatever their layout."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sotto.errors import CheckpointError
from sotto.inference.checkpoint.layout import absent_tensor, expected_shapes
from sotto.inference.checkpoint.tensors import Located, Tensor
from sotto.inference.dimensions import ModelDimensions
from sotto.inference.interfaces import GenerationRules
from sotto.inference.tokenizer import Tokenizer


class Layout(StrEnum):
    """Whose files they are."""

    HUGGING_FACE = "Hugging Face"
    CTRANSLATE2 = "CTranslate2"
    OPENAI = "openai-whisper"
    GGML = "ggml"


@dataclass(frozen=True, slots=True)
class Contents:
    """A model's files, read as far as that costs nothing: of the numbers only the shapes.

    Attributes:
        layout: Whose files they are.
        path: The file or folder.
        dimensions: Checked to be ones that Sotto runs.
        tensors: Where they lie, under openai-whisper's names; `check_tensors` checks them.
        is_multilingual: Whether prompts name a language and a task.
        tokenizer: Builds it, which takes a moment; raises CheckpointError.
        rules: What the files say about decoding.
        native_short_window: Trained on windows of true length.
        computed: Tensors that the files leave out.
    """

    layout: Layout
    path: Path
    dimensions: ModelDimensions
    tensors: Mapping[str, Located]
    is_multilingual: bool
    tokenizer: Callable[[], Tokenizer]
    rules: GenerationRules
    native_short_window: bool = False
    computed: Mapping[str, Tensor] = field(default_factory=dict)

    def check_tensors(self) -> None:
        """Check names and shapes against the dimensions.

        Raises:
            CheckpointError: A tensor is missing, too many, or of another shape.
        """
        tensors: dict[str, Tensor] = {**self.tensors, **self.computed}
        expected = {}
        for name, shape in expected_shapes(self.dimensions):
            expected[name] = shape
            if name not in tensors:
                raise absent_tensor(name, tensors, self.path)
            if tensors[name].shape != shape:
                raise CheckpointError(
                    f"{self.path}: tensor {name} has shape {tensors[name].shape}, not {shape} as "
                    "the model's configuration says"
                )
        for name in tensors:
            if name not in expected:
                raise CheckpointError(
                    f"{self.path}: tensor {name} is not part of such a Whisper model"
                )
