"""Site (trang thông tin): the agency's name, address and people, as rows that change without a deploy."""

from flask import Flask

from portal.site.identity import current


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"site": current()})
