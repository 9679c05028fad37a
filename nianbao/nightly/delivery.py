"""The report of a night, taken to whoever should hear of it: a webhook, a mail, and a dead man's switch.

The switch is a URL that is asked for at the end of every good night. A service that misses it raises the alarm, also
when this machine is off, or when every other way of telling is broken. What is said of a failure names a host, and
never an address with its key, a user or a password.
"""

from __future__ import annotations

import json
import smtplib
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from nianbao.settings import Delivery

TIMEOUT = 30.0
"""Seconds for one try."""
TRIES = 3
PAUSE = 2.0
"""Seconds between two tries."""
_FAILURES = (OSError, HTTPException, smtplib.SMTPException, ValueError)


def deliver(settings: Delivery, report: Mapping[str, Any], page: str) -> list[str]:
    """Takes the report to the webhook and its page to the mailbox; what could not be done, a line each."""
    failed = []
    if settings.webhook:
        body = json.dumps(report, ensure_ascii=False).encode()
        failed += _tried("the webhook", settings.webhook, lambda: _ask(settings.webhook, body))
    if settings.mail_to:
        message = _message(settings, report, page)
        failed += _tried("the mail", f"//{settings.mail_host}", lambda: _send(settings, message))
    return failed


def ping(settings: Delivery) -> list[str]:
    """Tells the dead man's switch that the night was good; what could not be done, in a line."""
    if not settings.dead_man:
        return []
    return _tried("the dead man's switch", settings.dead_man, lambda: _ask(settings.dead_man))


def _tried(what: str, url: str, work: Callable[[], None]) -> list[str]:
    for further in range(TRIES - 1, -1, -1):
        try:
            work()
        except _FAILURES as error:
            if further:
                time.sleep(PAUSE)
            else:
                return [f"{what} at {urlsplit(url).hostname} could not be reached: {_said(error)}"]
        else:
            break
    return []


def _said(error: Exception) -> str:
    """An error without anything that the settings or the server said."""
    if isinstance(error, urllib.error.HTTPError):
        return f"status {error.code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception):
        return type(error.reason).__name__
    return type(error).__name__


def _ask(url: str, body: bytes | None = None) -> None:
    """One request; a redirect is followed, anything but a 2xx is an error."""
    headers = {"User-Agent": "Nianbao", **({"Content-Type": "application/json"} if body else {})}
    request = urllib.request.Request(url, body, headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        answer.read(1024)


def _message(settings: Delivery, report: Mapping[str, Any], page: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"Nianbao: {report['outcome']}: {report['sentence']}"[:200]
    message["From"], message["To"] = settings.mail_from, settings.mail_to
    lines = [report["sentence"], ""]
    lines += [f"{alarm['monitor']}: {alarm['what']}\n  {alarm['remedy']}" for alarm in report["alarms"]]
    message.set_content("\n".join(lines))
    message.add_alternative(page, subtype="html")
    return message


def _send(settings: Delivery, message: EmailMessage) -> None:
    """The certificate of the server is checked; a password is never sent without encryption."""
    where = (settings.mail_host, settings.mail_port)
    context = ssl.create_default_context()
    if settings.mail_security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(*where, timeout=TIMEOUT)
    with connection:
        if settings.mail_security == "starttls":
            connection.starttls(context=context)
        if settings.mail_user and settings.mail_security != "none":
            connection.login(settings.mail_user, settings.mail_password)
        connection.send_message(message)
