"""Measure writing a plan of fifty pages with twenty tables: saving it, opening its page, typing a letter.

Prints markdown. The last two need Chromium and the tests' packages.
"""

import argparse
import json
import re
import secrets
import shutil
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

from bench.__main__ import program
from bench.desk import COOKIE
from bench.servers import HOST, Server, Servers

MOST_SAVING_MS, MOST_OPENING_MS, MOST_TYPING_MS = 500, 2_000, 200
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FIELD = re.compile(r'<input type="hidden" name="(token|base|key)"[^>]* value="([^"]*)"')

TYPE = """() => {
  const paragraphs = document.querySelectorAll(".writing-text > p");
  getSelection().collapse(paragraphs[Math.floor(paragraphs.length / 2)].firstChild, 3);
  document.querySelector(".writing-text").focus();
  const began = performance.now();
  document.execCommand("insertText", false, "x");
  return new Promise(done => document.querySelector("#body").addEventListener("input", () => done(performance.now() - began)));
}"""
"""Types a letter in the middle, and returns after how many milliseconds it is in what would be sent."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.writing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Servers(Path(folder)) as servers:
        instance = servers.folder / "instance"
        instance.mkdir()
        said = json.loads(program(servers, "bench.writing_piece", instance=instance).splitlines()[-1])
        server = servers.portal(instance)
        saving = median([_save(server, said) for _ in range(rounds + 1)][1:])
        opening, typing = (median(times) for times in zip(*_open(server, said, rounds), strict=True))
    words = len(re.sub("<[^>]*>", " ", said["plan"]).split())
    print(f"A plan of {words:,} words, {rounds} rounds.\n\n| what | ms | at most |\n| --- | --- | --- |")
    print(f"| saved, until the answer | {saving:.0f} | {MOST_SAVING_MS} |")
    print(f"| opened, until the editor can be typed in | {opening:.0f} | {MOST_OPENING_MS} |")
    print(f"| a typed letter, until it would be sent | {typing:.0f} | {MOST_TYPING_MS} |")
    if saving > MOST_SAVING_MS or opening > MOST_OPENING_MS or typing > MOST_TYPING_MS:
        sys.exit("Too slow.")


def _save(server: Server, said: dict[str, Any]) -> float:
    """Save the plan with another first paragraph, and return how long that took, in milliseconds."""
    path = f"/ban-bien-tap/bai/{said['piece']}"
    page = _ask(server, "GET", path, said["key"])[1]
    fields = dict(FIELD.findall(page))
    changed = f"<p>{secrets.token_hex(4)}</p>" + said["plan"]
    body = urlencode({**fields, "title": "Kế hoạch năm mươi trang", "body": changed})
    began = time.perf_counter()
    status, _ = _ask(server, "POST", path, said["key"], body)
    took = (time.perf_counter() - began) * 1_000
    if status != 303:
        sys.exit(f"saving was answered {status}")
    return took


def _ask(server: Server, method: str, path: str, key: str, body: str = "") -> tuple[int, str]:
    connection = HTTPConnection(HOST, server.port, timeout=30)
    headers = {"Cookie": f"{COOKIE}={key}", "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body=body or None, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def _open(server: Server, said: dict[str, Any], rounds: int) -> list[tuple[float, float]]:
    """Open the page in Chromium, each time anew, and return how long it took until the text can be changed, and a letter."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None) or sys.exit("No Chromium was found: apt-get install chromium")
    times = []
    with sync_playwright() as driver, driver.chromium.launch(executable_path=path, args=["--no-sandbox"]) as browser:
        for _ in range(rounds):
            context = browser.new_context(base_url=server.url)
            context.add_cookies([{"name": COOKIE, "value": said["key"], "url": server.url}])
            page = context.new_page()
            began = time.perf_counter()
            page.goto(f"/ban-bien-tap/bai/{said['piece']}", wait_until="commit")
            page.locator(".tiptap[contenteditable=true] table").last.wait_for()
            opened = (time.perf_counter() - began) * 1_000
            times.append((opened, float(page.evaluate(TYPE))))
            context.close()
    return times


if __name__ == "__main__":
    main()
