"""An address has one form, whatever was typed, and what only looks like another is refused."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.accounts.emails import canonical
from portal.core.errors import Refused

typed = st.one_of(
    st.text(max_size=40),
    st.builds("{}@{}.{}".format, st.text(max_size=12), st.text(max_size=12), st.text(max_size=6)),
    st.builds(
        "{}@{}.vn".format,
        st.text("abÁz09._+-Ａ．", min_size=1, max_size=8),
        st.text("abơệđĐ0-xn̉а", min_size=1, max_size=8),
    ),
)


@given(typed)
@example("A@XN--SKHCN-5C2B.vn")
@example("a@xn--xn---epa.vn")
@example("Ａ@ĐẸP．vn")
def test_the_one_form_of_the_one_form_is_itself(text: str) -> None:
    try:
        address = canonical(text)
    except Refused:
        return
    assert canonical(address) == address
    assert address.isascii()
    assert address.isprintable()
    assert address == address.lower()
    assert address.count("@") == 1
    assert len(address) <= 254


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("nguoi-1@example.vn", "nguoi-1@example.vn"),
        ("  Nguoi-1@Example.VN ", "nguoi-1@example.vn"),
        ("van.thu+bai@so.example.vn", "van.thu+bai@so.example.vn"),
        ("ｎｇｕｏｉ＠ｅｘａｍｐｌｅ．ｖｎ", "nguoi@example.vn"),
        ("a@đẹp.vn", "a@xn--p-kia098t.vn"),
        ("a@ĐẸP.vn", "a@xn--p-kia098t.vn"),
        ("a@đe\u0323p.vn", "a@xn--p-kia098t.vn"),
        ("a@xn--p-kia098t.vn", "a@xn--p-kia098t.vn"),
        ("a@XN--P-Kia098T.vn", "a@xn--p-kia098t.vn"),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert canonical(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a",
        "a@",
        "@example.vn",
        "a@example",
        "a@@example.vn",
        "a@b@example.vn",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a@-x.vn",
        "a@x-.vn",
        "a@ex--ample.vn",
        "a@x..vn",
        "a@.vn",
        "a@x.vn.",
        ".a@x.vn",
        "a.@x.vn",
        "a..b@x.vn",
        '"a b"@x.vn',
        "a b@x.vn",
        "a(b)@x.vn",
        "A <a@x.vn>",
        "a,b@x.vn",
        "a@x.vn,b@x.vn",
        "a%b@x.vn",
        "a@x_y.vn",
        "nguyễn@example.vn",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        canonical(text)


@pytest.mark.parametrize("place", ["a{}b@example.vn", "{}a@example.vn", "a@exam{}ple.vn", "a@example.vn{}", "a{}@example.vn"])
@pytest.mark.parametrize(
    "sign",
    [
        *("\r", "\n", "\r\nBcc: b@example.vn", "\t", "\0", "\x7f", "\x85", "\u2028"),  # lines and controls
        *("\u202e", "\u2066", "\u061c", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u115f"),  # direction, nothing at all
        *("а", "е", "ο", "ⅰ\u0307", "ı", "ɑ", "ɡ", "ß", "ł", "\u0335", "🙂", "\ud800"),  # look-alikes, Cyrillic and Greek too
    ],
)
def test_no_sign_hides_or_looks_like_another(place: str, sign: str) -> None:
    with pytest.raises(Refused):
        canonical(place.format(sign))


@pytest.mark.parametrize(
    "label", ["xn--a", "xn--", "xn--abc-", "xn--80ak6aa92e", "xn--\u00e1", "xn--99999999", "xn--" + "9" * 900]
)
def test_an_encoded_domain_hides_nothing_either(label: str) -> None:
    with pytest.raises(Refused):
        canonical(f"a@{label}.vn")


def test_an_address_is_as_long_as_mail_servers_take() -> None:
    domain = ".".join(["d" * 63, "e" * 63, "f" * 58, "vn"])
    longest = f"{'a' * 64}@{domain}"
    assert len(longest) == 254
    assert canonical(longest) == longest
    for text in (
        f"{'a' * 64}@d{domain[1:-2]}com",
        f"{'a' * 65}@x.vn",
        f"a@{'d' * 64}.vn",
        "a" * 1_000_000 + "@x.vn",
        "@" * 1_000,
    ):
        with pytest.raises(Refused):
            canonical(text)


def test_who_is_refused_is_told_why() -> None:
    for text, word in [("аdmin@example.vn", "không dấu"), ("admin", "@coquan"), ("a" * 2_000, "dài")]:
        with pytest.raises(Refused, match=word):
            canonical(text)
