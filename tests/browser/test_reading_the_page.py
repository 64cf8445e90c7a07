"""The article page, whole: every block of the page that the portal is modelled on."""

from playwright.sync_api import expect

from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import Site, the_plan

pytestmark = DRIVEN


def test_a_reader_finds_the_plan_from_the_home_page(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/")
    menu, plan = page.locator(".menu-line"), f'a[href="{the_plan()}"]'
    menu.locator("details", has=page.locator(plan)).locator("summary").click()
    menu.locator(plan).click()
    expect(page).to_have_url(site.url + the_plan())
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Kế hoạch truyền thông về hoạt động kiểm soát thủ tục hành chính năm 2022 của Sở Khoa học và Công nghệ"
    )


def test_the_article_has_every_block(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan())
    article = page.get_by_role("article")
    expect(article).to_contain_text("Đăng ngày 17/03/2022")
    expect(article).to_contain_text("Kế hoạch số 30/KH-UBND ngày 23/02/3022 của UBND tỉnh Quảng Ngãi")
    expect(page.get_by_role("navigation", name="Đường dẫn")).to_contain_text("Cải cách hành chính")
    expect(page.get_by_role("region", name="Tài liệu đính kèm")).to_contain_text("PDF · 38,5 kB")
    expect(page.get_by_role("region", name="Tin liên quan").get_by_role("link")).to_have_count(5)
    expect(page.get_by_role("region", name="Bạn thấy giao diện website như thế nào?")).to_be_visible()
    expect(page.get_by_role("region", name="Thống kê truy cập")).to_be_visible()


def test_the_other_language_is_one_link_away_and_back(site: Site, readers: Readers) -> None:
    page = readers.open(site, the_plan())
    page.get_by_role("link", name="English").first.click()
    expect(page).to_have_url(site.url + the_plan("en"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Communication plan")
    page.get_by_role("link", name="Tiếng Việt").first.click()
    expect(page).to_have_url(site.url + the_plan())
