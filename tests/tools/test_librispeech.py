from pathlib import Path

from tools.peers.librispeech import read_librispeech


def test_lines_of_transcripts_are_read_with_their_sound(tmp_path: Path) -> None:
    chapter = tmp_path / "dev-clean" / "1272" / "128104"
    chapter.mkdir(parents=True)
    transcript = chapter / "1272-128104.trans.txt"
    transcript.write_text("1272-128104-0000 MISTER SMITH'S DOG\n1272-128104-0001 NO SOUND\n")
    (chapter / "1272-128104-0000.flac").touch()
    (utterance,) = read_librispeech(tmp_path)
    assert utterance.reader == "1272"
    assert utterance.path == chapter / "1272-128104-0000.flac"
    assert utterance.words == ("mister", "smith's", "dog")
