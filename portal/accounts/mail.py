"""Reset links by e-mail, where the installation says by which server. Sent at once and not by a job: no table holds the key."""

import logging
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app, url_for

from portal.accounts import links
from portal.accounts.models import User
from portal.audit import Actor
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.web import absolute

logger = logging.getLogger(__name__)

TIMEOUT_S = 10.0
PORTS = {"smtps": 465, "smtp": 587}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def is_set_up() -> bool:
    """Tell whether this installation sends e-mail."""
    return bool(current_app.config["SMTP_URL"] and current_app.config["MAIL_FROM"])


def send_reset(user_id: int, *, actor: Actor) -> None:
    """Make a reset link and send it. Raises Refused, and voids the link, where no server takes it."""
    key = links.make_reset(user_id, actor=actor, way="mailed")
    user = db.session.get_one(User, user_id)
    minutes = links.LASTS_MS[links.RESET] // clock.MINUTE
    paragraphs = (
        _("Dear %(name)s,", name=user.name),
        _("With this link you choose a new password. It counts once, for %(minutes)s minutes:", minutes=minutes),
        absolute(url_for("links.reset", key=key)),
        _("If you did not ask for it, tell an administrator and do not open it."),
    )
    try:
        send(user.email, _("A link to choose a new password"), "\n\n".join(paragraphs))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        logger.warning("mail was not sent", extra={"fields": {"error": type(error).__name__}})
        write(lambda session: links.void(session, user_id))
        raise Refused(
            _("The e-mail could not be sent, and the link is void. Try again, or make a link and hand it over.")
        ) from error


def send(address: str, subject: str, text: str) -> None:
    """Hand a message to the server. Raises OSError or SMTPException where it does not take it, ValueError where it is none."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = current_app.config["MAIL_FROM"], address, subject
    message.set_content(text)
    where = urlsplit(current_app.config["SMTP_URL"])
    with _connected(where) as server:
        if where.username:
            server.login(unquote(where.username), unquote(where.password or ""))
        server.send_message(message)


def _connected(where: SplitResult) -> smtplib.SMTP:
    """Connect to a server, in the clear only on this very machine."""
    if where.scheme not in PORTS or not where.hostname:
        raise ValueError("SMTP_URL looks like smtps://user:password@host:465")
    port, context = where.port or PORTS[where.scheme], ssl.create_default_context()
    if where.scheme == "smtps":
        return smtplib.SMTP_SSL(where.hostname, port, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(where.hostname, port, timeout=TIMEOUT_S)
    if where.hostname not in LOOPBACK:
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server
