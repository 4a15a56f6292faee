"""Marks for the index, synonyms, saved searches, and what nobody found."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.models.versions import Versioned


class Mark(models.Model):
    """A record that changed since the index last saw it; written by triggers in the change's own transaction."""

    kind = models.CharField(max_length=20)
    number = models.BigIntegerField()
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("索引への印")

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}"


class SynonymGroup(Versioned):
    """Expressions that mean the same, for searching."""

    expressions = models.TextField(
        _("同じ意味の言葉"), help_text=_("1行に1つ。2つ以上。例: DX と デジタルトランスフォーメーション")
    )
    note = models.CharField(_("覚え書き"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("同義語")
        ordering = ["pk"]

    def __str__(self) -> str:
        return " ＝ ".join(self.listed)

    @property
    def listed(self) -> list[str]:
        """The expressions, one each."""
        return [line.strip() for line in self.expressions.splitlines() if line.strip()]


class Alert(models.TextChoices):
    """How often a saved search tells of what is new."""

    NEVER = "never", _("知らせない")
    DAILY = "daily", _("毎朝")
    WEEKLY = "weekly", _("毎週月曜の朝")


class SavedSearch(Versioned):
    """A question a person keeps. `known` are the records already told of, so that each is told of once."""

    history_silent = ("known", "told_at")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(_("名前"), max_length=100)
    query = models.TextField(_("検索の条件"))
    alert = models.CharField(
        _("新しく見つかったものの知らせ"), max_length=8, choices=Alert.choices, default=Alert.WEEKLY
    )
    known = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("保存した検索")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "query"], name="search_saved_once")]

    def __str__(self) -> str:
        return self.name


class MissedQuestion(models.Model):
    """What was asked and not found, without who asked: shows the secretariat which synonyms and cases are missing."""

    text = models.CharField(_("探した言葉"), max_length=100, unique=True)
    times = models.PositiveIntegerField(_("回数"), default=1)
    last_on = models.DateField(_("最後の日"), auto_now=True)

    class Meta:
        verbose_name = _("見つからなかった言葉")
        ordering = ["-times", "-last_on"]

    def __str__(self) -> str:
        return self.text
