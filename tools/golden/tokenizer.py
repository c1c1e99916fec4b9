"""Write tests/golden/tokenizer: what openai-whisper's tokenizer says about many texts.

`<vocabulary>.json` is about some difficult texts, `languages.json.gz` about thousands in fifty
languages.
"""

# ruff: noqa: RUF001  # texts in many scripts look alike on purpose

import gzip
import json
from itertools import chain
from pathlib import Path

from whisper.tokenizer import Tokenizer, get_tokenizer

from tools.golden.language_texts import texts
from tools.golden.reference import starter_tokenizer

OUTPUT = Path(__file__).parents[2] / "tests" / "golden" / "tokenizer"

TEXTS = (
    "",
    " ",
    " And so, my fellow Americans, ask not what your country can do for you.",
    "Don't you'll we've I'm she'd they're it's",
    " 3.14159 costs $1,234.56 (or 99%) on 2024-02-29 at 07:30!",
    "tabs\tand\nnew lines\r\n   and   runs  of spaces   ",
    " ♪♪ [MUSIC] (laughs) <i>tag</i> -- well - 'quoted' \"twice\"",
    " naïve café Zürich Ångström œuvre ẞtraße",
    " Příliš žluťoučký kůň úpěl ďábelské ódy.",
    " Съешь же ещё этих мягких французских булок, да выпей чаю.",
    " Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.",
    " שלום עולם, מה שלומך היום?",
    " مرحبا بالعالم، كيف حالك اليوم؟",
    " नमस्ते दुनिया, आप कैसे हैं?",
    " আমি বাংলায় গান গাই।",
    " வணக்கம் உலகம்",
    "สวัสดีชาวโลก วันนี้เป็นอย่างไรบ้าง",
    "ສະບາຍດີຊາວໂລກ",
    "မင်္ဂလာပါ ကမ္ဘာလောက",
    "你好，世界。今天天气怎么样？",
    "我哋今日去飲茶，好唔好呀？",
    "吾輩は猫である。名前はまだ無い。",
    " 안녕하세요 세계, 오늘은 어때요?",
    " გამარჯობა მსოფლიო",
    " Բարեւ աշխարհ",
    " ሰላም ልዑል",
    " Xin chào thế giới, hôm nay thế nào?",
    " emoji 😀👩‍👩‍👧‍👦🇨🇭 and maths ∑∫√ ≤ ∞ 𝔘𝔫𝔦",
    "zero\u200bwidth\u00a0space\ufeff and \ufffd replacement",
    "control\x00\x01\x7f characters",
    "<|endoftext|> is plain text here, so is <|0.00|>",
    " " + "pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
    " The quick brown fox jumps over the lazy dog. " * 5,
)

LANGUAGES = ("en", "de", "zh", "ja", "th", "lo", "my", "yue")
TASKS = ("transcribe", "translate")


def tokenizers() -> dict[str, Tokenizer]:
    return {
        "english": get_tokenizer(multilingual=False),
        "multilingual": get_tokenizer(multilingual=True),
        "large-v3": get_tokenizer(multilingual=True, num_languages=100),
        "starter-en": starter_tokenizer(),
    }


def describe(tokenizer: Tokenizer, *, is_multilingual: bool) -> dict[str, object]:
    return {
        "specials": {
            name: getattr(tokenizer, name)
            for name in (
                "eot",
                "sot",
                "sot_prev",
                "sot_lm",
                "transcribe",
                "translate",
                "no_speech",
                "no_timestamps",
                "timestamp_begin",
            )
        },
        "n_vocab": tokenizer.encoding.n_vocab,
        "languages": dict(sorted(languages(tokenizer).items(), key=lambda item: item[1])),
        "sot_sequences": sot_sequences(tokenizer) if is_multilingual else [],
        "non_speech_tokens": list(tokenizer.non_speech_tokens),
        "texts": [encoding(tokenizer, text) for text in TEXTS],
        "decodings": [decoding(tokenizer, tokens) for tokens in odd_sequences(tokenizer)],
        "words": list(word_splits(tokenizer)),
    }


def languages(tokenizer: Tokenizer) -> dict[str, int]:
    codes = [tokenizer.decode([token]).strip("<|>") for token in tokenizer.all_language_tokens]
    return dict(zip(codes, tokenizer.all_language_tokens, strict=True))


def sot_sequences(tokenizer: Tokenizer) -> list[dict[str, object]]:
    known = languages(tokenizer)
    return [
        {
            "language": code,
            "task": task,
            "tokens": get_tokenizer(
                multilingual=True, num_languages=len(known), language=code, task=task
            ).sot_sequence,
        }
        for code in LANGUAGES
        if code in known
        for task in TASKS
    ]


def encoding(tokenizer: Tokenizer, text: str) -> dict[str, object]:
    return {"text": text, "tokens": tokenizer.encode(text, disallowed_special=())}


def odd_sequences(tokenizer: Tokenizer) -> list[list[int]]:
    """Return sequences with specials, timestamps and characters cut in two."""
    begin = tokenizer.timestamp_begin
    hello = tokenizer.encode(" Hello there.")
    chinese = tokenizer.encode("你好，世界")
    return [
        [begin, *hello, begin + 54],
        [tokenizer.sot, tokenizer.no_timestamps, *hello, tokenizer.eot],
        [begin + 1500, begin],
        chinese[:1],
        chinese[1:],
        [*chinese[:-1], *hello],
    ]


def decoding(tokenizer: Tokenizer, tokens: list[int]) -> dict[str, object]:
    return {
        "tokens": tokens,
        "text": tokenizer.decode(tokens),
        "with_timestamps": tokenizer.decode_with_timestamps(tokens),
    }


def word_splits(tokenizer: Tokenizer) -> list[dict[str, object]]:
    splits = []
    for text in TEXTS:
        tokens = [*tokenizer.encode(text, disallowed_special=()), tokenizer.eot]
        for language in ("en", "ja"):
            tokenizer.language = language
            words, word_tokens = tokenizer.split_to_word_tokens(list(tokens))
            if [*chain.from_iterable(word_tokens)] != tokens:
                continue  # openai-whisper loses the tokens after a U+FFFD that takes several
            splits.append(
                {
                    "tokens": tokens,
                    "language": language,
                    "words": words,
                    "word_tokens": word_tokens,
                }
            )
    return splits


def write_languages() -> None:
    pairs = texts()
    tokens = {
        name: [tokenizer.encode(text, disallowed_special=()) for _, text in pairs]
        for name, tokenizer in tokenizers().items()
    }
    # Only its special tokens differ.
    assert tokens.pop("large-v3") == tokens["multilingual"]
    content = json.dumps({"texts": pairs, "tokens": tokens}, separators=(",", ":"))
    packed = gzip.compress(content.encode(), mtime=0)  # the same file each time
    (OUTPUT / "languages.json.gz").write_bytes(packed)


def main() -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    write_languages()
    for name, tokenizer in tokenizers().items():
        content = describe(tokenizer, is_multilingual=name in ("multilingual", "large-v3"))
        text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
        (OUTPUT / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
