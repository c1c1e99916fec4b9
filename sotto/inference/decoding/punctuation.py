"""Which marks belong to which word; openai-whisper's lists."""
# ruff: noqa: RUF001 (full-width marks are meant)

PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"
SENTENCE_END = ".。!！?？"
