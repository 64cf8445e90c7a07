"""What brakes take for one network: an address of IPv4, or the 2^64 that whoever has one of IPv6 has; however it is written."""

import pytest
from flask import Flask

from portal.accounts import brakes


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::FFFF:C000:0201", "192.0.2.1", True),
        ("203.0.113.9:5511", "203.0.113.9", True),
        ("203.0.113.9:5511", "203.0.113.9:80", True),
        ("203.0.113.9:5511", "203.0.113.8:5511", False),
        ("[2001:db8::1]:443", "2001:db8::1", True),
        ("[2001:db8::1]:443", "[2001:db8::2]", True),
        ("[2001:db8::1]:443", "[2001:db8:0:1::1]:443", False),
        ("[::ffff:192.0.2.1]:443", "192.0.2.1", True),
        ("2001:db8::1:443", "2001:db8::1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("unknown", "", False),
        ("[]:1", "", True),
    ],
)
def test_a_network_is_the_same_however_its_address_is_written(app: Flask, first: str, second: str, same: bool) -> None:
    keys = [brakes.keys_of("a@example.vn", address) for address in (first, second)]
    assert (keys[0] == keys[1]) is same
