"""Transcriptions as documents that word processors open: Office Open XML (ECMA-376, Part 1)."""

import io
import locale
import re
import zipfile
from xml.sax.saxutils import escape

from sotto.app.core.transcription_files.paragraphs import Paragraph, paragraphs
from sotto.app.core.transcription_files.timestamps import clock
from sotto.inference.decoding import Transcription

# What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATE = (1980, 1, 1, 0, 0, 0)  # of all parts, so that the same text gives the same file
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "sd", "ur", "yi"})
# Where Whisper's code is no language tag, or what `locale` makes of it is none.
_TAGS = {"ar": "ar-SA", "jw": "jv", "no": "nb-NO", "yue": "zh-HK"}

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

_CONTENT_TYPES = f"""<Types xmlns="{_PACKAGE}/content-types">\
<Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" ContentType="{_MEDIA}.document.main+xml"/>\
<Override PartName="/word/styles.xml" ContentType="{_MEDIA}.styles+xml"/>\
<Override PartName="/word/settings.xml" ContentType="{_MEDIA}.settings+xml"/>\
</Types>"""
_OF_PACKAGE = f"""<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>\
</Relationships>"""
_OF_DOCUMENT = f"""<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>\
<Relationship Id="rId2" Type="{_OFFICE}/settings" Target="settings.xml"/></Relationships>"""
# Without it Word opens the document as one of 2007, in what it calls its compatibility mode.
_SETTINGS = f"""<w:settings xmlns:w="{_WORD}"><w:compat><w:compatSetting \
w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>\
</w:compat></w:settings>"""
# Sizes are half points, spaces twentieths of a point. The language is for the spelling checker,
# which takes one of the three by the script of each word. Times and names have styles of their own,
# so that whoever wants them otherwise, or not at all, changes one thing.
_STYLES = f"""<w:styles xmlns:w="{_WORD}"><w:docDefaults>\
<w:rPrDefault><w:rPr><w:sz w:val="22"/><w:szCs w:val="22"/>\
<w:lang w:val="{{0}}" w:eastAsia="{{0}}" w:bidi="{{0}}"/></w:rPr></w:rPrDefault>\
<w:pPrDefault><w:pPr><w:spacing w:after="200" w:line="276" w:lineRule="auto"/></w:pPr>\
</w:pPrDefault></w:docDefaults>\
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>\
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">\
<w:name w:val="Default Paragraph Font"/></w:style>\
<w:style w:type="character" w:customStyle="1" w:styleId="Time"><w:name w:val="Time"/>\
<w:rPr><w:color w:val="6B6B6B"/></w:rPr></w:style>\
<w:style w:type="character" w:customStyle="1" w:styleId="Speaker"><w:name w:val="Speaker"/>\
<w:rPr><w:b/><w:bCs/></w:rPr></w:style></w:styles>"""
# A4, 2 cm on each side; twentieths of a point.
_DOCUMENT = f"""<w:document xmlns:w="{_WORD}"><w:body>{{}}<w:sectPr>\
<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" \
w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>"""
_RUN = '<w:r>{}<w:t xml:space="preserve">{}</w:t></w:r>'
_TIME, _SPEAKER = (f'<w:rPr><w:rStyle w:val="{name}"/></w:rPr>' for name in ("Time", "Speaker"))


def as_docx(transcription: Transcription) -> bytes:
    """Return a document with a paragraph for what belongs together, behind when it begins."""
    is_rtl = transcription.language in _RIGHT_TO_LEFT
    body = "".join(_paragraph(each, is_rtl=is_rtl) for each in paragraphs(transcription))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in (
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _OF_PACKAGE),
            ("word/document.xml", _DOCUMENT.format(body)),
            ("word/_rels/document.xml.rels", _OF_DOCUMENT),
            ("word/settings.xml", _SETTINGS),
            ("word/styles.xml", _STYLES.format(language_tag(transcription.language))),
        ):
            about = zipfile.ZipInfo(name, _DATE)
            parts.writestr(about, _DECLARATION + text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def language_tag(code: str) -> str:
    """Return a language with the country where most speak it, as spelling checkers want it."""
    return _TAGS.get(code, locale.normalize(code).partition(".")[0].replace("_", "-"))


def _paragraph(paragraph: Paragraph, *, is_rtl: bool) -> str:
    text = " ".join(_NO_XML.sub("", paragraph.text).removeprefix(paragraph.side).split())
    direction = "<w:pPr><w:bidi/></w:pPr>" if is_rtl else ""
    speaker = _RUN.format(_SPEAKER, f"{paragraph.side} ") if paragraph.side else ""
    said = _RUN.format("<w:rPr><w:rtl/></w:rPr>" if is_rtl else "", escape(text))
    return (
        f"<w:p>{direction}{_RUN.format(_TIME, f'{clock(paragraph.start)} ')}{speaker}{said}</w:p>"
    )
