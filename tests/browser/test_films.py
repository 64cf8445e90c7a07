"""The agency's own film plays in a real browser, from this site, and nothing of it is loaded before somebody asks."""

from base64 import b64decode

from playwright.sync_api import expect

from tests import cast
from tests.browser.reader import DRIVEN, Readers
from tests.browser.site import LONG_AGO, Site

pytestmark = DRIVEN

RECORD = """async () => {
    const canvas = document.body.appendChild(document.createElement("canvas"));
    const pen = canvas.getContext("2d"), parts = [];
    const recorder = new MediaRecorder(canvas.captureStream(10), {mimeType: "video/mp4;codecs=vp9"});
    recorder.ondataavailable = event => parts.push(event.data);
    const done = new Promise(resolve => recorder.onstop = resolve);
    recorder.start();
    for (let frame = 0; frame < 10; frame++) {
        pen.fillStyle = frame % 2 ? "red" : "blue";
        pen.fillRect(0, 0, 300, 150);
        await new Promise(resolve => setTimeout(resolve, 60));
    }
    recorder.stop();
    await done;
    const octets = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(octets, octet => String.fromCharCode(octet)).join(""));
}"""


def test_a_film_plays_on_the_page_under_its_policy(site: Site, readers: Readers) -> None:
    page = readers.open(site, "/so-do-trang")
    film = b64decode(page.evaluate(RECORD))
    article = cast.an_article("Phóng sự", published_at=LONG_AGO)
    key = cast.an_attachment(article, film, "Phóng sự.mp4")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))
    page.goto(cast.article_path(article, "Phóng sự"), wait_until="networkidle")
    video = page.locator("video")
    assert f"/tep/{key}/mo" not in asked
    video.evaluate("video => { video.muted = true; return video.play(); }")
    expect(video).to_have_js_property("videoWidth", 300)
    expect(video).to_have_js_property("ended", True)
    assert f"/tep/{key}/mo" in asked
    assert video.evaluate("video => video.error") is None
