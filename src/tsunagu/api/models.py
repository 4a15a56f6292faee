"""Keys for programs, what they were answered, and how every published table stood when last looked at."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.models import Lab


class Scope(models.TextChoices):
    """What a key opens, always of one lab only."""

    READ = "read", _("自分のラボの活動と事例を読む（下書きを含む）")
    ACTIVITIES = "activities:write", _("活動を記録する・直す")
    CASES = "cases:write", _("事例の下書きを書く")


class AccessKey(models.Model):
    """A key by which a program works as one person for one lab. Only the hash of it is kept; it ends by itself.

    It never opens more than its person may do: when the person is no longer of the lab's office, it opens nothing.
    """

    history_secret = ("digest",)
    history_silent = ("last_used_on",)

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_keys")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="+", verbose_name=_("ラボ"))
    name = models.CharField(_("何に使うか"), max_length=60)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("できること"))
    start = models.CharField(_("鍵のはじめの文字"), max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    expires_on = models.DateField(_("使える最後の日"))
    made_at = models.DateTimeField(_("作った日時"), auto_now_add=True)
    last_used_on = models.DateField(_("最後に使った日"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("止めた日時"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("APIの鍵")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}（{self.start}…）"

    def is_good(self, on: date) -> bool:
        """Whether it is neither stopped nor over."""
        return self.revoked_at is None and on <= self.expires_on


class GivenAnswer(models.Model):
    """What a request with an idempotency key was answered, so that sending it again does nothing twice."""

    access_key = models.ForeignKey(AccessKey, on_delete=models.CASCADE, related_name="+")
    once = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["access_key", "once"], name="program_answered_once")]

    def __str__(self) -> str:
        return self.once


class TableState(models.Model):
    """A published table as it stood when last looked at: since when it reads so, and how it meets the 15 points."""

    key = models.SlugField(max_length=60, primary_key=True)
    digest = models.CharField(_("ハッシュ値（SHA-256）"), max_length=64)
    size = models.PositiveIntegerField(_("大きさ（バイト）"))
    rows = models.PositiveIntegerField(_("行数"))
    changed_at = models.DateTimeField(_("内容が変わった日時"))
    issued_at = models.DateTimeField(_("公開を始めた日時"), auto_now_add=True)
    looked_at = models.DateTimeField(_("最後に確かめた日時"))
    faults = models.JSONField(_("機械判読の15項目で満たさないもの"), default=list)

    class Meta:
        verbose_name = _("公開している表")

    def __str__(self) -> str:
        return self.key
