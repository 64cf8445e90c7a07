"""The base: a Flask view that returns constant bytes."""

from flask import Flask, Response

from bench.peers import page

app = Flask(__name__)
headers, body = page.answer()


@app.get("/")
def constant() -> Response:
    return Response(body, headers=headers)
