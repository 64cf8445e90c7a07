"""What is pasted into a body: clean structure, and one sentence about what was left out."""

import pytest
from playwright.sync_api import expect

from portal.core.html import clean
from tests.browser.reader import DRIVEN
from tests.browser.writing import Desk

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.open()
    return desk


WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator content="Microsoft Word 15"><style><!--
p.MsoNormal, li.MsoNormal {margin:0cm;font-size:13.0pt;font-family:"Times New Roman",serif;}
@page WordSection1 {size:595.3pt 841.9pt;} div.WordSection1 {page:WordSection1;}
@list l0:level1 {mso-level-text:"%1.";} --></style></head><body lang=VI style='tab-interval:36.0pt'><!--StartFragment-->
<div class=WordSection1><h1 style='margin-top:12.0pt'><span lang=VI style='font-size:14.0pt;color:black'>Kế hoạch</span></h1>
<p class=MsoNormal style='text-align:justify'><b style='mso-bidi-font-weight:normal'><span style='font-size:14.0pt'>I. Mục
đích<o:p></o:p></span></b></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Một</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>a)<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Một a</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>2.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Hai</p>
<p class=MsoNormal style='mso-list:l1 level2 lfo2'><span
style='mso-list:Ignore'>1.1.<span>&nbsp;&nbsp; </span></span>Không là danh sách</p>
<p class=MsoListParagraph style='mso-list:l2 level1 lfo3'><span
style='font-family:Symbol;mso-list:Ignore'>·<span>&nbsp; </span></span>Chấm</p>
<p class=MsoNormal>Giữ <del cite="mailto:a" datetime="2022-03-17T10:32">bỏ</del><ins
cite="mailto:a">thêm</ins> H<sub>2</sub>O<span
style='mso-spacerun:yes'>&nbsp; </span><a style='mso-comment-reference:A_1'>lời</a><span class=MsoCommentReference><a
class=msocomanchor href="#_msocom_1">[A1]</a></span><a href="file:///C:/a.docx">tệp</a> <s>gạch</s></p>
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="a"><v:imagedata src="file:///C:/a.png"/></v:shape><![endif]--><![if !vml]><img
width=100 height=50 src="file:///C:/Temp/msohtmlclip1/01/clip_image002.png" v:shapes="a"><![endif]><object data="x"></object></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr style='height:1cm'><td width=100 colspan=2 valign=top
style='width:75.0pt;border:solid windowtext 1.0pt'><p
class=MsoNormal><b>Nội dung</b></p></td></tr><tr><td><p class=MsoNormal>a</p>
<p class=MsoNormal>b</p></td><td><p class=MsoNormal>1</p></td></tr></table></div>
<div style='mso-element:comment-list'><div style='mso-element:comment'><p class=MsoCommentText>Lời ghi</p></div></div>
<!--EndFragment--></body></html>"""

FROM_WORD = (
    "<h2>Kế hoạch</h2>\n<p><strong>I. Mục đích</strong></p>\n"
    '<ol><li>Một<ol type="a"><li>Một a</li></ol></li><li>Hai</li></ol>\n<p>1.1. Không là danh sách</p>\n<ul><li>Chấm</li></ul>\n'
    "<p>Giữ <u>thêm</u> H<sub>2</sub>O lờitệp <s>gạch</s></p>\n"
    '<table><tbody><tr><td colspan="2"><strong>Nội dung</strong></td></tr>'
    "<tr><td><p>a</p><p>b</p></td><td>1</td></tr></tbody></table>"
)


def test_a_plan_from_word_keeps_its_structure_alone(desk: Desk) -> None:
    desk.paste(WORD, "Kế hoạch")
    assert desk.body == FROM_WORD
    assert clean(desk.body) == desk.body
    expect(desk.notice).to_have_text(
        "Đã bỏ định dạng thừa từ Word. Không lấy được: ảnh 1, liên kết 1, đối tượng 1, đoạn đã xóa 1, ghi chú 1."
    )
    desk.press("Đóng")
    expect(desk.notice).to_be_hidden()
    desk.text.press("Control+z")
    assert desk.body == ""


EXCEL = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta name=Generator content="Microsoft Excel 15">
<style><!--table {mso-displayed-decimal-separator:"\\,";} .xl65 {font-weight:700;}
--></style></head><body link=blue><table border=0 cellpadding=0 width=128 style='width:96pt'><!--StartFragment-->
<col width=64 span=2>
<tr height=20 style='height:15.0pt'><td class=xl65 colspan=2 width=128>Kinh phí</td></tr>
<tr height=20><td class=xl66>Quý I</td><td align=right x:num>1.957.856</td></tr>
<![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=64></td><td width=64></td></tr><![endif]>
<!--EndFragment--></table></body></html>"""


def test_cells_from_excel_become_a_table(desk: Desk) -> None:
    desk.paste(EXCEL, "Kinh phí\t\nQuý I\t1.957.856")
    assert desk.body == (
        '<table><tbody><tr><td colspan="2"><strong>Kinh phí</strong></td></tr>'
        "<tr><td>Quý I</td><td>1.957.856</td></tr></tbody></table>"
    )
    expect(desk.notice).to_have_text("Đã dán từ Excel thành bảng, bỏ định dạng thừa.")


def test_a_web_page_leaves_its_looks_and_pictures_behind(desk: Desk) -> None:
    desk.paste(
        """<meta charset="utf-8"><div class="post" style="color:red" onclick="alert(1)"><h1>Tin</h1><h2>Mục</h2><p>Một<br>hai
        <span style="font-weight:700">đậm</span> <b style="font-weight:normal">thường</b></p><script>alert(1)</script>
        <img src="https://example.org/a.png" onerror="alert(1)"><img src="data:image/png;base64,AA=="><iframe
        src="//a.example"></iframe>
        <ul><li><p>x</p></li>chữ</ul><svg><a href="javascript:alert(1)">y</a></svg>rời<p style="display:none">ẩn</p></div>"""
    )
    assert desk.body == (
        "<h2>Tin</h2>\n<h3>Mục</h3>\n<p>Một<br>hai <strong>đậm</strong> thường</p>\n"
        "<ul><li><p>x</p><p>chữ</p></li></ul>\n<p>rời</p>"
    )
    expect(desk.notice).to_have_text("Đã bỏ định dạng thừa. Không lấy được: ảnh 2, đối tượng 2.")


def test_plain_text_is_one_paragraph_a_line_in_one_normal_form(desk: Desk) -> None:
    desk.paste(text="Tie\u0302\u0301ng\u200b Vie\u0323\u0302t\n\u202eHai\ufeff")
    assert desk.body == "<p>Tiếng Việt</p>\n<p>Hai</p>"
    expect(desk.notice).to_be_hidden()


def test_what_is_copied_in_the_editor_is_pasted_whole(desk: Desk) -> None:
    table = "<table><caption>b</caption><thead><tr><th>c</th></tr></thead><tbody><tr><td>d</td></tr></tbody></table>"
    body = f"<h2>a</h2>\n{table}\n<p>e</p>"
    desk.put(body)
    desk.text.press("Control+a")
    held = desk.text.evaluate("""text => {
      const data = new DataTransfer();
      text.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
      return data.getData("text/html");
    }""")
    desk.text.press("Delete")
    desk.paste(held)
    assert desk.body == body


TCVN3 = """<p class=MsoNormal style='font-family:".VnTime"'>Céng hoµ x· héi chñ nghÜa ViÖt Nam –
Qu\u00b6ng Ng\u00b7i, t\u00ad v\u00ca</p>
<p><font face=".VnTimeH">céng hoµ</font> <span style='font-family:"Times New Roman"'>đã có dấu</span></p>"""
VNI = """<p><span style="font-family: VNI-Times, serif">COÄNG HOØA XAÕ HOÄI: Uyû ban nhaân daân tænh Quaûng Ngaõi,
ñöôïc pheùp, thöïc hieän, yù kieán, kyõ thuaät, lyù, Ñoäc laäp, gò, maëc</span></p>"""


@pytest.mark.parametrize(
    ("html", "name", "converted"),
    [
        (
            TCVN3,
            "TCVN3",
            "<p>Cộng hoà xã hội chủ nghĩa Việt Nam – Quảng Ngãi, tư vấ</p>\n<p>CỘNG HOÀ đã có dấu</p>",
        ),
        (
            VNI,
            "VNI",
            "<p>CỘNG HÒA XÃ HỘI: Uỷ ban nhân dân tỉnh Quảng Ngãi, "
            "được phép, thực hiện, ý kiến, kỹ thuật, lý, Độc lập, gị, mặc</p>",
        ),
    ],
)
def test_an_old_encoding_is_converted_when_somebody_says_so(desk: Desk, html: str, name: str, converted: str) -> None:
    desk.paste(html)
    before = desk.body
    assert before != converted
    question = desk.page.get_by_role("group", name=f"Đoạn dán dùng mã {name}")
    expect(question).to_be_visible()
    desk.press("Chuyển sang Unicode")
    assert desk.body == converted
    expect(question).to_be_hidden()
    desk.text.press("Control+z")
    assert desk.body == before
    expect(question).to_be_visible()
    desk.press("Giữ nguyên")
    assert desk.body == before
    expect(question).to_be_hidden()
