"""The masthead and the footer print the agency's data, which are rows; in English where there is English."""

import pytest

from portal.core import language
from portal.site.models import Link
from tests import cast
from tests.client import PortalClient

VALUES = {
    "governing_body": "Ủy ban nhân dân tỉnh Quảng Ngãi",
    "responsible": "Giám đốc Sở",
    "address": "01 đường Ví Dụ",
    "telephone": "0255 000 0000",
    "hotline": "0255 000 0001",
    "email": "so-khcn@example.vn",
    "hours": "7:30 – 17:00",
}
ENGLISH = {
    "name_en": "Department of Science and Technology",
    "governing_body_en": "People’s Committee",
    "responsible_en": "Director",
    "address_en": "01 Ví Dụ Street",
    "hours_en": "from 7:30 to 17:00",
}


def footer(client: PortalClient, path: str = "/") -> str:
    return client.get(path).text.partition('<footer class="foot">')[2]


def test_the_footer_prints_all_that_is_known(client: PortalClient) -> None:
    cast.change_site(**VALUES)
    text = footer(client)
    assert [value for value in VALUES.values() if value not in text] == []
    assert 'href="tel:02550000000"' in text
    assert 'href="mailto:so-khcn@example.vn"' in text


def test_what_is_not_known_has_no_line(client: PortalClient) -> None:
    cast.change_site(responsible="Giám đốc Sở")
    text = footer(client)
    assert "Chịu trách nhiệm nội dung" in text
    assert "Điện thoại" not in text
    assert "Giờ làm việc" not in text


def test_a_site_without_data_has_no_list(client: PortalClient) -> None:
    assert "<dl" not in footer(client)


def test_english_stands_where_there_is_english(client: PortalClient) -> None:
    cast.change_site(**VALUES, **ENGLISH)
    text = footer(client, "/en/")
    assert [value for value in ENGLISH.values() if value not in text] == []
    assert VALUES["hours"] not in text


def test_vietnamese_stands_where_there_is_no_english(client: PortalClient) -> None:
    cast.change_site(**VALUES)
    assert VALUES["governing_body"] in footer(client, "/en/")


def test_others_are_asked_to_cite_the_name_that_the_agency_wants(client: PortalClient) -> None:
    assert "“—”" in footer(client)
    cast.change_site(credited_as="Trang thông tin điện tử của Sở", name_en="Department")
    assert "“Trang thông tin điện tử của Sở”" in footer(client)
    assert "“Department”" in footer(client, "/en/")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_footer_s_links_are_those_of_its_language(client: PortalClient, lang: str) -> None:
    cast.listed(Link(place="foot", title="Trợ năng", url="/trang/tro-nang"))
    cast.listed(Link(place="foot", title="Accessibility", url="/en/trang/accessibility", language="en"))
    text = footer(client, f"{language.mount(lang)}/")
    assert ("Accessibility" in text, "Trợ năng" in text) == (lang == "en", lang == "vi")
