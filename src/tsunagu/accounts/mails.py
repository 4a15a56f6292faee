"""Every mail about signing in leaves through `send`."""

import uuid

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.outbox.services import put_mail


def send(*, to: str, to_name: str, subject: str, body: str) -> None:
    """Send one plain mail by way of the outbox: kept with the fact it tells of, delivered as soon as the worker can.

    Its text is shown on no page and forgotten once it is delivered, since it may hold a link that signs in.
    """
    put_mail(
        key=f"accounts:{uuid.uuid4()}",
        kind="accounts",
        to_email=to,
        to_name=to_name,
        subject=" ".join(subject.split()),
        body=body,
        draft=False,
        is_secret=True,
    )


def absolute(request: HttpRequest, path: str) -> str:
    """A whole address for a mail: of the configured site, so that no request header can turn it elsewhere."""
    if settings.TSUNAGU_BASE_URL:
        return f"{settings.TSUNAGU_BASE_URL}{path}"
    return request.build_absolute_uri(path)


def send_link(*, to: str, to_name: str, address: str) -> None:
    """The link somebody asked for on the sign-in page."""
    send(
        to=to,
        to_name=to_name,
        subject=_("つなぐ: サインイン用のリンク"),
        body=_(
            "%(name)s さん\n\nつなぐにサインインするには、次のリンクを開いてください。1時間以内に1回だけ使えます。\n\n"
            "%(address)s\n\n心当たりがないときは、このメールを捨ててください。何も変わりません。"
        )
        % {"name": to_name, "address": address},
    )


def send_address_check(*, to: str, to_name: str, address: str) -> None:
    """The link that shows that a new address is the person's own."""
    send(
        to=to,
        to_name=to_name,
        subject=_("つなぐ: 新しいメールアドレスの確認"),
        body=_(
            "%(name)s さん\n\nこのメールアドレスに変えるには、サインインしたまま、次のリンクを開いてください。1時間使えます。\n\n"
            "%(address)s\n\n心当たりがないときは、このメールを捨ててください。何も変わりません。"
        )
        % {"name": to_name, "address": address},
    )


def send_notice(*, to: str, to_name: str, what: str, client_address: str) -> None:
    """Tells somebody that a way into their account has changed (ASVS 5.0 6.3.7)."""
    send(
        to=to,
        to_name=to_name,
        subject=_("つなぐ: %(what)s") % {"what": what},
        body=_(
            "%(name)s さん\n\n%(what)s。\n\n日時: %(when)s（日本時間）\n接続元: %(where)s\n\n"
            "ご自分でしたことなら、何もしなくてかまいません。心当たりがないときは、すぐに事務局に知らせてください。"
        )
        % {
            "name": to_name,
            "what": what,
            "when": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
            "where": client_address,
        },
    )
