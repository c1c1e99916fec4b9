"""From the names of parameters in files to openai-whisper's."""

import re

# Before all names: transformers' `model.` (but for the output projection), and what training tools
# leave there: DistributedDataParallel, torch.compile, PEFT.
WRAPPERS = re.compile(r"((module|_orig_mod|base_model\.model|model)\.)+")

# Applied in turn; the longer names of the attention parts come before what they contain.
REPLACEMENTS = (
    ("layers.", "blocks."),
    ("encoder_attn_layer_norm.", "cross_attn_ln."),
    ("self_attn_layer_norm.", "attn_ln."),
    ("final_layer_norm.", "mlp_ln."),
    ("encoder_attn.", "cross_attn."),
    ("self_attn.", "attn."),
    ("q_proj.", "query."),
    ("k_proj.", "key."),
    ("v_proj.", "value."),
    ("out_proj.", "out."),
    ("fc1.", "mlp.0."),
    ("fc2.", "mlp.2."),
    ("encoder.layer_norm.", "encoder.ln_post."),
    ("decoder.layer_norm.", "decoder.ln."),
    ("embed_positions.weight", "positional_embedding"),
    ("embed_tokens.", "token_embedding."),
)


# Whisper computes with these parts; what else a file holds are heads for other tasks, statistics
# and tables that follow from the shape.
PARTS = ("encoder.", "decoder.", "proj_out.")
# Of the parts, what changes nothing: a bias of the keys moves all scores of a query alike, so that
# the softmax is the same; the mask is always the causal one.
NEUTRAL = (".key.bias", "decoder.mask")


def openai_name(name: str) -> str:
    """Return openai-whisper's name of a parameter, which may have transformers' name."""
    if wrapper := WRAPPERS.match(name):
        name = name[wrapper.end() :]
    for theirs, ours in REPLACEMENTS:
        name = name.replace(theirs, ours)
    return name


def is_used(name: str) -> bool:
    """Tell whether Whisper computes with a parameter of this name, openai-whisper's or not."""
    name = openai_name(name)
    return name.startswith(PARTS) and not name.endswith(NEUTRAL)
