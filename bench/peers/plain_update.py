"""What a vote is measured against: one UPDATE in a Flask-SQLAlchemy view, durable like ours, neither unique nor checked."""

import os
from typing import Any

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portal.core.sqlite import driver


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Choice(db.Model):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    votes: Mapped[int]


app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + os.environ["BENCH_UPDATES"]
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"module": driver}
db.init_app(app)


def durable(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        connection.execute("PRAGMA " + pragma).close()


with app.app_context():
    event.listen(db.engine, "connect", durable)


def create() -> None:
    """Make the table with one choice; done once, before any server starts."""
    with app.app_context():
        db.create_all()
        db.session.add(Choice(id=1, votes=0))
        db.session.commit()


def count() -> int:
    """Return how many votes are stored."""
    with app.app_context():
        return int(db.session.get_one(Choice, 1).votes)


@app.post("/")
def vote() -> str:
    choice = int(request.form["choice"])
    db.session.execute(update(Choice).where(Choice.id == choice).values(votes=Choice.votes + 1))
    db.session.commit()
    return "Thank you"
