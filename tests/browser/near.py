"""A portal in the test's own process, so that a test can shorten what takes an hour; opened by its name, as passkeys need."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, Response, render_template_string, request
from werkzeug.serving import make_server

from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import see_other
from tests.browser.site import Site

PAGE = """{% extends "staff.html" %}{% block title %}Soạn{% endblock %}{% block main %}<h1>Soạn</h1>
<form data-keep method="post"><input type="hidden" name="token" value="{{ form_token() }}">
<p><label>Nội dung <textarea name="body" required>{{ request.form.body }}</textarea></label></p>
<p><label>Ghim <input type="checkbox" name="pin" value="y"></label></p>
<p><label>Mật khẩu <input type="password" name="secret"></label></p>
<p><label>Mã <input name="code" autocomplete="one-time-code"></label></p>
<p><label>Loại <select name="kind"><option value="a">A</option><option value="b">B</option></select></label></p>
<p><button class="button">Gửi</button></p></form>{% endblock %}"""


@dataclass(frozen=True, slots=True)
class Near:
    """Where it listens."""

    port: int


@dataclass(frozen=True, slots=True)
class NamedSite(Site):
    """A site that is opened as localhost."""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.port}"


@contextmanager
def served(app: Flask) -> Iterator[NamedSite]:
    """Serve an application on a free port from a thread of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield NamedSite(Near(server.server_port), app)  # type: ignore[arg-type]
    server.shutdown()
    thread.join()
    server.server_close()


def with_a_desk(app: Flask) -> None:
    """Give a portal a page with a form whose text is kept, as an editor's page has; "sai" is refused, all else is taken."""
    blueprint = staff_blueprint("desk_of_tests", __name__, url_prefix="/ban-bien-tap/soan")

    def show(code: int = 200) -> tuple[str, int]:
        return render_template_string(PAGE), code

    def send() -> Response | tuple[str, int]:
        return show(422) if request.form["body"] == "sai" else see_other("/ban-bien-tap/soan?xong=gui")

    blueprint.get("")(needs(Permission.OWN_ACCOUNT)(show))
    blueprint.post("")(needs(Permission.OWN_ACCOUNT)(send))
    app.register_blueprint(blueprint)
