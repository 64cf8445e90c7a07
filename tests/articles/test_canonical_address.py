"""The address that a page gives for itself is the one that its reader asked for, not a stranger's."""

from tests import cast
from tests.client import PortalClient


def test_one_reader_s_host_is_not_printed_for_the_next(client: PortalClient) -> None:
    path = cast.article_path(cast.an_article())

    strange = client.get(path, headers={"Host": "localhost:6666"}).text
    own = client.get(path, headers={"Host": "localhost"}).text

    assert f'rel="canonical" href="http://localhost:6666{path}"' in strange
    assert f'rel="canonical" href="http://localhost{path}"' in own
    assert "6666" not in own


def test_a_page_over_https_is_not_that_over_http(client: PortalClient) -> None:
    path = cast.article_path(cast.an_article())

    plain = client.get(path).text
    secure = client.get(path, base_url="https://localhost").text

    assert f'rel="canonical" href="http://localhost{path}"' in plain
    assert f'rel="canonical" href="https://localhost{path}"' in secure


def test_a_port_that_cannot_be_is_refused(client: PortalClient) -> None:
    assert [client.get("/", headers={"Host": host}).status_code for host in ("localhost:99999", "localhost:080")] == [400, 400]
