"""The PDF: read page by page, saved under its real name with its own bytes, or opened in the browser's viewer."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from portal.demo import articles, texts
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, the_plan

pytestmark = DRIVEN


def test_the_attachment_is_saved_under_its_vietnamese_name(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan())
    with page.expect_download() as saved:
        page.get_by_role("link", name="Tải về").click()
    assert saved.value.suggested_filename == texts.ATTACHMENT
    assert "Đ" in texts.ATTACHMENT
    assert Path(saved.value.path()).read_bytes() == articles.PLAN_PDF.read_bytes()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_attachment_opens_in_the_viewer(site: Site, whole_chromium: Browser) -> None:
    with Readers(whole_chromium) as readers:
        page = readers.open(site, the_plan())
        page.get_by_role("link", name="Xem nhanh").click()
        with page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-extension://")):
            page.get_by_role("link", name="Mở tệp PDF gốc").click()
        assert page.url.endswith("/mo")


def test_the_pages_are_read_without_a_viewer_and_without_scripts(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan(), java_script_enabled=False, viewport={"width": 360, "height": 640})
    page.get_by_role("link", name="Xem nhanh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(texts.ATTACHMENT)
    picture = page.get_by_role("img", name="Ảnh trang 1")
    expect(picture).to_have_js_property("naturalWidth", 900)
    page.get_by_text("Văn bản của trang 1").click()
    expect(page.get_by_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT")).to_be_visible()
    picture.click()
    expect(page.get_by_role("img")).to_have_js_property("naturalWidth", 900)
    assert page.url.endswith("/trang/1.webp")


def test_the_jump_in_the_first_screen_leads_to_the_attachment(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan(), viewport={"width": 360, "height": 640})
    jump = page.get_by_role("link", name="1 tài liệu đính kèm (PDF, 38,5 kB)")
    expect(jump).to_be_in_viewport(ratio=1)
    jump.click()
    expect(page.get_by_role("link", name="Tải về")).to_be_in_viewport()
