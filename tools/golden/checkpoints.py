"""Write tests/golden/checkpoint/: tiny checkpoints saved by torch and by transformers.

`torch.pt` is laid out as openai-whisper's models are, and holds every kind of tensor that torch
can write: each type of numbers, transposed, expanded, and two in one storage. `transformers/` is a
sharded folder. `trained/` is what a training before 2023 left: pytorch_model.bin without a
tokenizer, parameters and things of the training among the tensors. Each has a `.json` with the
SHA-256 of every parameter as float32 under openai-whisper's name. `old.pt` is in the format of
torch before 1.6.
"""

import hashlib
import json
from pathlib import Path

import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration, WhisperTokenizer
from whisper.model import ModelDimensions, Whisper

from tools.golden.reference import openai_name

OUTPUT = Path(__file__).parents[2] / "tests" / "golden" / "checkpoint"
N_BYTES = 256
OFFICIAL_SIZE = 51865  # of the first multilingual vocabulary
SPECIALS = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|de|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
    *(f"<|{i * 0.02:.2f}|>" for i in range(1501)),
)


def digests(tensors: dict[str, torch.Tensor]) -> dict[str, str]:
    return {
        name: hashlib.sha256(value.detach().float().contiguous().numpy().tobytes()).hexdigest()
        for name, value in sorted(tensors.items())
    }


def write_digests(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    path.write_text(json.dumps(digests(tensors), indent=1) + "\n", encoding="utf-8")


def openai_checkpoint() -> None:
    torch.manual_seed(0)
    dims = ModelDimensions(80, 24, 64, 1, 1, 51864, 16, 64, 1, 1)
    model = Whisper(dims).half()
    state = model.state_dict()
    state["decoder.positional_embedding"] = torch.randn(16, 64).half()  # left unset by Whisper()
    # One row for all tokens: a vocabulary of the official size in 128 bytes.
    state["decoder.token_embedding.weight"] = torch.randn(1, 64).half().expand(51864, 64)
    attention = "decoder.blocks.0.attn"
    both = torch.randn(2, 64, 64).half()
    state[f"{attention}.query.weight"], state[f"{attention}.key.weight"] = both[0], both[1]
    state[f"{attention}.value.weight"] = torch.randn(64, 64).half().t()
    state[f"{attention}.out.weight"] = torch.randn(64, 64)
    state["encoder.conv2.weight"] = torch.randn(64, 64, 3).bfloat16()
    torch.save({"dims": vars(dims), "model_state_dict": state}, OUTPUT / "torch.pt")
    write_digests(OUTPUT / "torch.json", state)


def small_config(vocab_size: int, *, end_of_text: int) -> WhisperConfig:
    return WhisperConfig(
        vocab_size=vocab_size,
        num_mel_bins=80,
        d_model=64,
        encoder_layers=1,
        encoder_attention_heads=1,
        encoder_ffn_dim=256,
        decoder_layers=1,
        decoder_attention_heads=1,
        decoder_ffn_dim=256,
        max_source_positions=24,
        max_target_positions=16,
        pad_token_id=end_of_text,
        bos_token_id=end_of_text,
        eos_token_id=end_of_text,
        decoder_start_token_id=end_of_text + 1,
    )


def hugging_face_checkpoint() -> None:
    torch.manual_seed(1)
    folder = OUTPUT / "transformers"
    config = small_config(N_BYTES + len(SPECIALS), end_of_text=N_BYTES)
    model = WhisperForConditionalGeneration(config).to(torch.bfloat16)
    rules = model.generation_config
    rules.is_multilingual = True
    rules.suppress_tokens = [1, 2, 7]
    rules.begin_suppress_tokens = [220, N_BYTES]
    rules.alignment_heads = [[0, 0]]
    rules.max_initial_timestamp_index = 25
    model.save_pretrained(folder, max_shard_size="200KB")
    save_tokenizer(folder)
    state = {
        openai_name(name): value
        for name, value in model.state_dict().items()
        if name != "proj_out.weight"
    }
    write_digests(OUTPUT / "transformers.json", state)


def trained_checkpoint() -> None:
    torch.manual_seed(2)
    folder = OUTPUT / "trained"
    config = small_config(OFFICIAL_SIZE, end_of_text=50257)
    model = WhisperForConditionalGeneration(config).half()
    state = model.state_dict()
    row = torch.randn(1, 64).half().expand(OFFICIAL_SIZE, 64)  # for all tokens, in 128 bytes
    state["model.decoder.embed_tokens.weight"] = state["proj_out.weight"] = row
    layer = "model.encoder.layers.0"
    state[f"{layer}.fc1.weight"] = torch.nn.Parameter(state[f"{layer}.fc1.weight"])
    state[f"{layer}.fc2.weight"] = state[f"{layer}.fc2.weight"].double()
    folder.mkdir(exist_ok=True)
    config.save_pretrained(folder)
    write_digests(
        OUTPUT / "trained.json",
        {openai_name(name): value for name, value in state.items() if name != "proj_out.weight"},
    )
    state[f"{layer}.self_attn.k_proj.bias"] = torch.randn(64)  # changes nothing
    state["language_head.weight"] = torch.randn(99, 64)
    state["step"] = torch.tensor(5000)
    torch.save(state, folder / "pytorch_model.bin")


def old_checkpoint() -> None:
    torch.save({"dims": {}}, OUTPUT / "old.pt", _use_new_zipfile_serialization=False)


def save_tokenizer(folder: Path) -> None:
    """Save a vocabulary of the 256 bytes, without merges, with Whisper's special tokens."""
    printing = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    n_others = N_BYTES - len(printing)
    characters = [*map(chr, printing), *(chr(N_BYTES + i) for i in range(n_others))]
    vocabulary = {character: i for i, character in enumerate(characters)}
    vocabulary["<|endoftext|>"] = N_BYTES
    tokenizer = WhisperTokenizer(vocab=vocabulary, merges=[])
    tokenizer.add_tokens(list(SPECIALS[1:]), special_tokens=True)
    tokenizer.save_pretrained(folder)


def main() -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    openai_checkpoint()
    hugging_face_checkpoint()
    trained_checkpoint()
    old_checkpoint()


if __name__ == "__main__":
    main()
