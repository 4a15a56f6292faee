"""Mails on their way, and reminders waiting for the day's one mail."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tsunagu.outbox.rules import FINISHED, WAITING, MailState

_BREAKS_A_HEADER = r"[\r\n]"


class Mail(models.Model):
    """One mail to one person. Written in the transaction of the fact it tells of, delivered afterwards.

    The database itself counts `version`, refuses steps outside `rules.STEPS` and keeps the text of a mail on its way
    as it is (migration 0002).
    """

    # A text may hold a link that signs in; what a mail said stays in the mail itself, as long as it may.
    history_secret = ("body", "html")
    history_silent = ("version", "claim", "claimed_at", "job")

    key = models.CharField(_("二重に書かないための鍵"), max_length=300, unique=True)
    kind = models.SlugField(_("種類"), max_length=40)
    to_email = models.EmailField(_("あて先"))
    to_name = models.CharField(_("あて名"), max_length=100, blank=True)
    subject = models.CharField(_("件名"), max_length=200)
    body = models.TextField(_("本文"), blank=True)
    html = models.TextField(_("本文（HTML）"), blank=True)
    # Its text opens a door (a sign-in link): nobody reads it on a page, and it is gone once the mail is.
    is_secret = models.BooleanField(_("本文を見せない"), default=False)
    state = models.CharField(_("状態"), max_length=10, choices=MailState.choices, default=MailState.DRAFT)
    created_by_label = models.CharField(_("作った人"), max_length=100, blank=True)
    decided_by_label = models.CharField(_("最後に決めた人"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("作成"), auto_now_add=True)
    due_at = models.DateTimeField(_("送る時刻"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("送信を試みた回数"), default=0)
    interruptions = models.PositiveIntegerField(_("途中で止まった回数"), default=0)
    maybe_duplicate = models.BooleanField(_("2通届いた可能性"), default=False)
    first_tried_at = models.DateTimeField(_("最初に試みた時刻"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("次に試みる時刻"), null=True, blank=True)
    last_error = models.TextField(_("届かなかった理由"), blank=True)
    sent_at = models.DateTimeField(_("送信した時刻"), null=True, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    # Who is sending it now: whoever no longer holds the claim cannot say how it ended.
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    job = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(db_default=1, editable=False)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index("next_try_at", name="mail_waiting", condition=Q(state__in=sorted(WAITING))),
            models.Index("state", "kind", name="mail_state_kind"),
        ]
        constraints = [
            models.CheckConstraint(name="mail_state_known", condition=Q(state__in=MailState.values)),
            models.CheckConstraint(
                name="mail_waits_for_a_time",
                condition=Q(state__in=sorted(WAITING), next_try_at__isnull=False)
                | (~Q(state__in=sorted(WAITING)) & Q(next_try_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="mail_sending_is_claimed",
                condition=Q(state=MailState.SENDING, claim__isnull=False, claimed_at__isnull=False)
                | (~Q(state=MailState.SENDING) & Q(claim__isnull=True, claimed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="mail_sent_says_when",
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="mail_dead_says_why", condition=~Q(state=MailState.DEAD) | ~Q(last_error="")
            ),
            models.CheckConstraint(
                name="mail_header_is_one_line",
                condition=~Q(subject__regex=_BREAKS_A_HEADER)
                & ~Q(to_name__regex=_BREAKS_A_HEADER)
                & ~Q(to_email__regex=_BREAKS_A_HEADER),
            ),
            models.CheckConstraint(
                name="mail_secret_is_gone_when_finished",
                condition=Q(is_secret=False) | ~Q(state__in=sorted(FINISHED)) | Q(body="", html=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def recipient(self) -> str:
        """Who gets it, as a person reads it."""
        return f"{self.to_name} <{self.to_email}>" if self.to_name else self.to_email


def new_message_id(domain: str) -> str:
    """The Message-ID a mail keeps through all its tries: receivers recognise a second copy by it."""
    return f"<{uuid.uuid4()}@{domain}>"


class Reminder(models.Model):
    """One line of the one reminder mail a person gets on a day."""

    key = models.CharField(_("二重に書かないための鍵"), max_length=200, unique=True)
    to_email = models.EmailField(_("あて先"))
    to_name = models.CharField(_("あて名"), max_length=100, blank=True)
    line = models.CharField(_("用件"), max_length=300)
    link = models.CharField(_("リンク"), max_length=500, blank=True)
    day = models.DateField(_("知らせる日"))
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index("day", "to_email", name="reminder_waiting", condition=Q(mail__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="reminder_is_one_line",
                condition=~Q(line="") & ~Q(line__regex=_BREAKS_A_HEADER) & ~Q(link__regex=r"\s"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.line}"
