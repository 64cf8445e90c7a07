"""A page with the editor of bodies, as a staff page will have it, and what its tests do in it."""

import re
from dataclasses import dataclass

from flask import Flask, Response, jsonify, render_template_string, request
from playwright.sync_api import BrowserContext, Locator, Page

from portal.core.staff import Permission, needs, staff_blueprint
from tests.browser.near import NamedSite

ADDRESS = "/ban-bien-tap/soan-than-bai"
PAGE = """{% extends "staff.html" %}{% block title %}Soạn{% endblock %}
{% block head %}<link rel="stylesheet" href="{{ asset('writing-css') }}">
<script src="{{ asset('vendor/editor/editor.min.js') }}" defer></script>{% endblock %}
{% block main %}<h1>Soạn bài</h1>{% include "articles/editor/_texts.html" %}
<form data-keep method="post"><input type="hidden" name="token" value="{{ form_token() }}">
<div class="field"><label for="title">Tiêu đề</label><input id="title" name="title"></div>
<div class="field"><label for="body">Nội dung</label>
<textarea id="body" name="body" rows="20" required data-editor
data-pictures-url="{{ request.path }}/anh.json">{{ body }}</textarea></div>
<p><button class="button">Lưu nháp</button></p></form>{% endblock %}"""
PASTE = """(text, clipboard) => {
  const data = new DataTransfer();
  Object.entries(clipboard).forEach(([kind, said]) => said && data.setData(kind, said));
  text.focus();
  text.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
MOUNT = """body => {
  const field = document.createElement("textarea");
  Object.assign(field, { id: "long", value: body }).setAttribute("data-editor", "");
  document.querySelector("form[data-keep]").append(field);
  document.dispatchEvent(new CustomEvent("htmx:after:swap"));
}"""
BLOCK = re.compile(r"\s*(</?(?:p|h[2-4]|ul|ol|li|blockquote|hr|table|caption|thead|tbody|tfoot|tr|t[hd]|fig\w+|br)\b[^>]*>)\s*")


def folded(html: str) -> str:
    """Return HTML without the white space that no reader sees."""
    return BLOCK.sub(r"\1", re.sub(r"[ \n\t]+", " ", html))


def offered(url: str) -> list[dict[str, object]]:
    """Return what the chooser lists: a picture with a description, one without, and one of a stranger, which is not shown."""
    picture = {"url": url, "thumb": url, "alt": "Cổng làng", "caption": "Ảnh tư liệu", "width": 48, "height": 48}
    return [picture, {**picture, "alt": "", "caption": ""}, {**picture, "url": "https://example.org/a.png", "thumb": ""}]


def with_a_body(app: Flask, body: str = "") -> None:
    """Give a portal a page with the editor; what is sent is shown again."""
    emblem = app.extensions["assets"].url("img/emblem.svg")
    blueprint = staff_blueprint("writing_of_tests", __name__, url_prefix=ADDRESS)
    app.config["BODY_OF_TESTS"] = body

    def show() -> str:
        return render_template_string(PAGE, body=request.form.get("body", app.config["BODY_OF_TESTS"]))

    def pictures() -> Response:
        return jsonify(offered(emblem))

    guarded = needs(Permission.OWN_ACCOUNT)
    blueprint.route("", methods=["GET", "POST"])(guarded(show))
    blueprint.get("/anh.json")(guarded(pictures))
    app.register_blueprint(blueprint)


@dataclass(slots=True)
class Desk:
    """A browser of somebody who writes."""

    site: NamedSite
    context: BrowserContext

    @property
    def page(self) -> Page:
        return self.context.pages[-1]

    @property
    def text(self) -> Locator:
        return self.page.get_by_role("textbox", name="Nội dung")

    @property
    def notice(self) -> Locator:
        """Return the sentence on what was left out."""
        return self.page.locator(".writing-notices [role=status]").first

    @property
    def pictures(self) -> list[dict[str, object]]:
        return offered(self.site.app.extensions["assets"].url("img/emblem.svg"))

    @property
    def body(self) -> str:
        """Return what would be sent."""
        return self.page.locator("#body").input_value()

    def open(self, body: str = "") -> Page:
        self.site.app.config["BODY_OF_TESTS"] = body
        page = self.context.new_page()
        page.goto(ADDRESS)
        return page

    def put(self, body: str) -> None:
        """Give the textarea another body, as a kept draft does."""
        self.page.locator("#body").evaluate(
            "(field, body) => { field.value = body; field.dispatchEvent(new Event('input', { bubbles: true })) }", body
        )

    def paste(self, html: str = "", text: str = "") -> None:
        """Paste as a browser does, with what the clipboard holds."""
        self.text.evaluate(PASTE, {"text/html": html, "text/plain": text})

    def written(self, body: str) -> str:
        """Return a body as the editor writes it, after a letter was typed at its end and taken back."""
        self.put(body)
        self.text.focus()
        for key in ("Control+End", "x", "Backspace"):
            self.page.keyboard.press(key)
        return self.body

    def mounted(self, body: str) -> Locator:
        """Return the text of an editor that comes after the first, for another textarea (#long) with a body."""
        self.page.evaluate(MOUNT, body)
        return self.page.locator(".writing-text").last

    def press(self, *names: str) -> None:
        """Press buttons of the toolbars."""
        for name in names:
            self.page.get_by_role("button", name=name, exact=True).click()
