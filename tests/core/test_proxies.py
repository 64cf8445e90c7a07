"""Forwarded addresses are believed from trusted proxies alone."""

import pytest
from werkzeug.test import EnvironBuilder

from portal.core.gate import Gate

VISITOR, PROXY, OUTER = "203.0.113.9", "10.0.0.1", "10.0.0.2"


def seen(*, proxies: tuple[str, ...], peer: str, forwarded: str | None = None, proto: str | None = None) -> tuple[str, str]:
    """Return the address and the scheme that the portal sees."""
    found: list[tuple[str, str]] = []

    def app(environ: dict[str, str], _: object) -> list[bytes]:
        found.append((environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]))
        return [b""]

    environ = EnvironBuilder("/").get_environ() | {"REMOTE_ADDR": peer}
    environ |= {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    environ |= {"HTTP_X_FORWARDED_PROTO": proto} if proto is not None else {}
    Gate(app, hosts=(), proxies=proxies, max_body=1_000)(environ, None)  # type: ignore[arg-type]
    return found[0]


def test_nobody_is_believed_by_default() -> None:
    assert seen(proxies=(), peer=VISITOR, forwarded="192.0.2.1", proto="https") == (VISITOR, "http")


def test_a_stranger_is_not_believed_where_a_proxy_is() -> None:
    assert seen(proxies=(PROXY,), peer=VISITOR, forwarded="192.0.2.1", proto="https") == (VISITOR, "http")


def test_a_trusted_proxy_names_the_visitor_and_the_scheme() -> None:
    assert seen(proxies=(PROXY,), peer=PROXY, forwarded=VISITOR, proto="https") == (VISITOR, "https")


def test_addresses_that_the_visitor_made_up_are_left_of_the_true_one() -> None:
    assert seen(proxies=(PROXY,), peer=PROXY, forwarded=f"192.0.2.1, {VISITOR}")[0] == VISITOR


def test_a_chain_of_trusted_proxies_is_followed_to_the_visitor() -> None:
    assert seen(proxies=("10.0.0.0/24",), peer=PROXY, forwarded=f"192.0.2.1, {VISITOR}, {OUTER}")[0] == VISITOR


def test_a_trusted_proxy_that_says_nothing_is_the_visitor() -> None:
    assert seen(proxies=(PROXY,), peer=PROXY) == (PROXY, "http")


@pytest.mark.parametrize("proto", ["ftp", "https\r\nx", "", "HTTPS, http"])
def test_a_scheme_that_is_none_is_not_believed(proto: str) -> None:
    assert seen(proxies=(PROXY,), peer=PROXY, forwarded=VISITOR, proto=proto)[1] == "http"


@pytest.mark.parametrize("forwarded", ["", "unknown", "203.0.113.9:1234", ", ,", "_hidden"])
def test_what_is_no_address_breaks_nothing(forwarded: str) -> None:
    assert seen(proxies=(PROXY,), peer=PROXY, forwarded=forwarded)[1] == "http"
