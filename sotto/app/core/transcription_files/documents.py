"""Transcriptions as documents: Markdown, and what word processors open."""

import io
import re
import zipfile
from xml.sax.saxutils import escape

from sotto.app.core.transcription_files.paragraphs import Paragraph, paragraphs
from sotto.app.core.transcription_files.timestamps import clock
from sotto.inference.decoding import Transcription

# What Markdown takes for more than a letter anywhere in a line (CommonMark, 2.4).
_MARKED = re.compile(r"[\\`*_\[\]<>&#|~]")
# What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATE = (1980, 1, 1, 0, 0, 0)  # of all parts, so that the same text gives the same file

_CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" ContentType=\
"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>\
</Types>"""
_RELATIONSHIPS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Id="rId1" Type=\
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" \
Target="word/document.xml"/></Relationships>"""
_DOCUMENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">\
<w:body>{}<w:sectPr/></w:body></w:document>"""
# 240 twentieths of a point below each paragraph; the time is grey.
_PARAGRAPH = """<w:p><w:pPr><w:spacing w:after="240"/></w:pPr>\
<w:r><w:rPr><w:color w:val="808080"/></w:rPr><w:t xml:space="preserve">{} </w:t></w:r>\
<w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p>"""


def as_md(transcription: Transcription) -> str:
    """Return Markdown: paragraphs, each behind the time at which it begins."""
    parts = (
        f"**{clock(part.start)}** {_MARKED.sub(_escaped, part.text)}\n"
        for part in paragraphs(transcription)
    )
    return "\n".join(parts)


def as_docx(transcription: Transcription) -> bytes:
    """Return an Office Open XML document (ECMA-376) with the same paragraphs.

    The three parts that it has to have are all that it has; fonts are those of who opens it.
    """
    body = "".join(map(_docx_paragraph, paragraphs(transcription)))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in (
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _RELATIONSHIPS),
            ("word/document.xml", _DOCUMENT.format(body)),
        ):
            about = zipfile.ZipInfo(name, _DATE)
            parts.writestr(about, text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _escaped(mark: re.Match[str]) -> str:
    return f"\\{mark[0]}"


def _docx_paragraph(paragraph: Paragraph) -> str:
    return _PARAGRAPH.format(clock(paragraph.start), escape(_NO_XML.sub("", paragraph.text)))
