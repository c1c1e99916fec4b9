"""From transformers' parameter names to openai-whisper's."""

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


def openai_name(name: str) -> str:
    """Return openai-whisper's name of a parameter of transformers' Whisper.

    transformers puts `model.` before all but the output projection; some tools leave it out.
    """
    name = name.removeprefix("model.")
    for theirs, ours in REPLACEMENTS:
        name = name.replace(theirs, ours)
    return name
