"""What is drawn in a Word document: signs of symbol fonts, shapes, text boxes, what stands around the pages."""

from pathlib import Path

from tests.articles.documents import TEXT, a_document, a_picture, converted, paragraph, put, run
from tests.articles.test_word_text import OBJECT


def test_signs_of_symbol_fonts_become_letters_and_unknown_ones_are_told(tmp_path: Path) -> None:
    document = a_document()
    wingdings, symbol = (f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>' for font in ("Wingdings", "Symbol"))
    put(document, paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Symbol" w:char="61"/></w:r>'))
    put(document, paragraph(run("&#xF0FC; &#xFC;", wingdings) + run(" abế", symbol) + run(" &#xF0B7;Mục")))
    put(
        document, paragraph('<w:r><w:sym w:font="Khác" w:char="F0FC"/><w:sym w:font="Symbol" w:char="không"/></w:r>' + run("Hết"))
    )
    made = converted(tmp_path, document)
    assert made["html"] == "<p>✓α</p><p>✓ ✓ αβế Mục</p><p>Hết</p>"
    assert made["left"] == {"symbols": 3}


def test_what_is_drawn_is_told_and_its_words_are_kept(tmp_path: Path) -> None:
    document = a_document("Sơ đồ.")
    shape = '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">{}</v:shape></w:pict></w:r>'
    box = "<v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox>"
    put(document, paragraph(shape.format('<v:textpath string="CHÀO MỪNG"/>')))
    put(
        document, paragraph(shape.format(box.format(paragraph(run("Ngoài") + shape.format(box.format(paragraph(run("Trong"))))))))
    )
    for kind in ("line", "straightConnector1", "star5"):
        put(document, OBJECT.format(f'<a:prstGeom prst="{kind}"/>'))
    put(document, paragraph('<w:r><w:pict><v:line xmlns:v="urn:schemas-microsoft-com:vml"/></w:pict></w:r>'))
    made = converted(tmp_path, document)
    assert made["html"] == "<p>Sơ đồ.</p><p>CHÀO MỪNG</p><p>Ngoài</p><p>Trong</p>"
    assert made["left"] == {"boxes": 3, "shapes": 1}


def test_a_picture_in_the_head_of_pages_is_told(tmp_path: Path) -> None:
    document = a_document(TEXT)
    document.sections[0].header.paragraphs[0].add_run().add_picture(a_picture("PNG", (30, 30)))
    assert converted(tmp_path, document)["left"] == {"around": 1}


def test_a_text_box_stands_behind_its_paragraph_once(tmp_path: Path) -> None:
    document = a_document()
    inner = f"<w:txbxContent>{paragraph(run('Trong hộp.'))}</w:txbxContent>"
    shape = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    drawing = f'<w:drawing><s:wsp xmlns:s="{shape}">{inner}</s:wsp></w:drawing>'
    old = f'<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{inner}</v:textbox></v:shape></w:pict>'
    choice = f"<mc:Choice>{drawing}</mc:Choice><mc:Fallback>{old}</mc:Fallback>"
    compatibility = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = f'<mc:AlternateContent xmlns:mc="{compatibility}">{choice}</mc:AlternateContent>'
    put(document, paragraph(run("Trước.") + f"<w:r>{both}</w:r>"))
    document.add_paragraph("Sau.")
    made = converted(tmp_path, document)
    assert made["html"] == "<p>Trước.</p><p>Trong hộp.</p><p>Sau.</p>"
    assert made["left"] == {"boxes": 1}
