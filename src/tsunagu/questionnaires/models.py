"""Forms by version, answer sheets and what belongs to them: co-editors, versions, questions, internal approval."""

import uuid
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tsunagu.files.models import StoredFile
from tsunagu.questionnaires.definition import Definition, read_definition
from tsunagu.registry.models import Lab
from tsunagu.registry.models.versions import Versioned

SNAPSHOTS_KEPT = 30


class Purpose(models.TextChoices):
    """What a form is for."""

    PLAN = "plan", _("実施計画書")
    REPORT = "report", _("年度の活動報告")
    SURVEY = "survey", _("アンケート")
    DISPATCH = "dispatch", _("派遣の報告")
    OTHER = "other", _("その他")


class DataElement(Versioned):
    """A fact the programme asks for, known once in the whole system whatever form asks for it (ask-once)."""

    code = models.CharField(_("記号"), max_length=80, unique=True)
    label = models.CharField(_("名前"), max_length=100)
    meaning = models.TextField(_("意味"), blank=True)

    class Meta:
        verbose_name = _("データ要素")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.label}（{self.code}）"


class Form(Versioned):
    """A form the secretariat makes, known over all its versions."""

    key = models.SlugField(_("記号"), max_length=40, unique=True)
    title = models.CharField(_("題名"), max_length=100)
    purpose = models.CharField(_("使いみち"), max_length=10, choices=Purpose.choices, default=Purpose.OTHER)

    class Meta:
        verbose_name = _("様式")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class FormVersion(Versioned):
    """One version of a form. A published one never changes: people may already be answering it."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版"))
    document = models.JSONField(_("内容"), default=dict)
    note = models.CharField(_("この版で変えたこと"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("公開した日時"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("様式の版")
        ordering = ["form", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_once"),
            models.UniqueConstraint(
                fields=["form"], condition=models.Q(published_at__isnull=True), name="one_draft_of_a_form"
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s 第%(number)d版") % {"title": self.form.title, "number": self.number}

    @cached_property
    def definition(self) -> Definition:
        """What the version asks. A published one never changes, so a process reads it once."""
        if self.published_at is None:
            return read_definition(self.document)
        return _published(self.pk, self.published_at)


@lru_cache(maxsize=100)
def _published(pk: int, published_at: datetime) -> Definition:
    return read_definition(FormVersion.objects.values_list("document", flat=True).get(pk=pk))


class Sheet(models.Model):
    """An answer sheet (回答): the answers to one form, written together by several people.

    `subject` names what it belongs to in the room above ("application:12"); that room says who else may see it.
    `open_sections` is None while everything may be written, else the sections returned for correction with the reason.
    A fleeting sheet leaves no trace: its answers are in no history and no version, and go when it is sent.
    """

    history_silent = ("touched_at", "snapshot_at", "revision")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="sheets")
    subject = models.CharField(max_length=60, unique=True)
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_locked = models.BooleanField(_("書けない"), default=False)
    open_sections = models.JSONField(_("直せる章"), null=True, blank=True)
    tags = models.JSONField(_("段落と審査の視点"), default=dict, blank=True)
    needs_approval = models.BooleanField(_("提出の前に決裁を受ける"), default=False)
    is_fleeting = models.BooleanField(_("無記名（跡を残さない）"), default=False)
    revision = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(_("最後の保存"), default=timezone.now)
    snapshot_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("回答")

    def __str__(self) -> str:
        return self.subject

    @property
    def definition(self) -> Definition:
        return self.form_version.definition

    def rows(self) -> "models.Manager[Answer]":
        """Its answers, wherever they are kept."""
        return self.fleetinganswers if self.is_fleeting else self.answers  # type: ignore[return-value]


class WrittenAnswer(models.Model):
    """The answer to one field. Its `version` counts up at every change, so that two editors never overwrite each other."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="%(class)ss")
    field = models.CharField(max_length=40)
    value = models.JSONField(_("回答"), null=True)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(_("どこから来たか"), max_length=200, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.field}"


class Answer(WrittenAnswer):
    """An answer of a sheet whose every change is remembered."""

    # Kept in full by the snapshots; the log of changes holds its hash.
    history_large = ("value",)
    history_silent = ("version", "updated_at")

    class Meta:
        verbose_name = _("回答の欄")
        constraints = [models.UniqueConstraint(fields=["sheet", "field"], name="answered_once")]


class FleetingAnswer(WrittenAnswer):
    """An answer of a fleeting sheet while it is being written: in no history, since even the hash of a tick tells the tick."""

    class Meta:
        verbose_name = _("無記名の回答の欄（書いている途中）")
        constraints = [models.UniqueConstraint(fields=["sheet", "field"], name="fleeting_answered_once")]


class AnswerFile(models.Model):
    """A file attached to an answer; its row stays when another takes its place, since a version may name it."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="files")
    field = models.CharField(max_length=40)
    stored_file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("回答に付けたファイル")

    def __str__(self) -> str:
        return self.stored_file.name


class SnapshotKind(models.TextChoices):
    """Why a version of an answer sheet was kept."""

    WRITING = "writing", _("書いている途中")
    SAVED = "saved", _("一時保存")
    UPLOADED = "uploaded", _("Excelの取込")
    SUBMITTED = "submitted", _("提出")
    RESTORED = "restored", _("前の版に戻した")
    MOVED = "moved", _("様式の版が変わった")


class Snapshot(models.Model):
    """All answers at one moment. The last 30 are kept, and those that were submitted for ever."""

    history_large = ("answers",)

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField(_("番号"))
    kind = models.CharField(_("きっかけ"), max_length=10, choices=SnapshotKind.choices)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(_("回答"))
    tags = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("回答の版")
        ordering = ["sheet", "-number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="snapshot_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.number}"

    @property
    def definition(self) -> Definition:
        return self.form_version.definition


class Right(models.IntegerChoices):
    """What a co-editor may do; each right holds the ones before it."""

    VIEW = 1, _("見る")
    EDIT = 2, _("書く")
    SUBMIT = 3, _("書いて提出する")


class CoEditor(models.Model):
    """Somebody who works on an answer sheet together with its owner."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="co_editors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    right = models.PositiveSmallIntegerField(_("できること"), choices=Right.choices, default=Right.EDIT)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("共同で書く人")
        ordering = ["added_at"]
        constraints = [models.UniqueConstraint(fields=["sheet", "person"], name="co_editor_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_right_display()}"


class Presence(models.Model):
    """Who has an answer sheet open just now, and at which section: gone after a minute, never part of the history."""

    history_silent = ("section", "field", "seen_at")

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    section = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("いま開いている人")
        constraints = [models.UniqueConstraint(fields=["sheet", "person"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.person_id}"


class FieldQuestion(Versioned):
    """A question to the secretariat about a field; its answer can become public without saying who asked."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, null=True, related_name="questions")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="questions")
    field = models.CharField(max_length=40)
    text = models.TextField(_("質問"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(_("回答"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    public_text = models.TextField(_("公開する質問"), blank=True)
    public_answer = models.TextField(_("公開する回答"), blank=True)
    published_at = models.DateTimeField(_("よくある質問として公開した日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("様式への質問")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="published_question_has_texts",
                condition=models.Q(published_at__isnull=True)
                | (~models.Q(public_text="") & ~models.Q(public_answer="")),
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class ApprovalState(models.TextChoices):
    """起案 → 決裁 inside the applicant body."""

    ASKED = "asked", _("決裁待ち")
    APPROVED = "approved", _("決裁済み")
    DECLINED = "declined", _("差し戻し")
    OVERTAKEN = "overtaken", _("内容が変わったため無効")
    TAKEN_BACK = "taken_back", _("取り下げ")


class Approval(models.Model):
    """Somebody inside the applicant body is asked to approve exactly these answers (their digest)."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="approvals")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(_("起案の説明"), blank=True)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    state = models.CharField(
        _("状態"), max_length=10, choices=ApprovalState.choices, default=ApprovalState.ASKED
    )
    reason = models.TextField(_("理由"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("決裁")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"], condition=models.Q(state="asked"), name="one_approval_at_a_time"
            ),
            models.CheckConstraint(
                name="declined_approval_says_why",
                condition=~models.Q(state="declined") | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.get_state_display()}"


class KnownFact(models.Model):
    """A fact learnt from an answer sheet that was sent: what the next form shows instead of asking (ask-once)."""

    history_large = ("value",)

    element = models.CharField(max_length=80)
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="+")
    value = models.JSONField(_("値"))
    source = models.CharField(_("出所"), max_length=200)
    known_since = models.DateTimeField(_("分かった日時"))
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("分かっている事実")
        constraints = [models.UniqueConstraint(fields=["element", "lab"], name="fact_known_once")]

    def __str__(self) -> str:
        return f"{self.element} {self.lab_id}"


CRITERIA = [
    ("direction", _("方向性")),
    ("regionality", _("地域性")),
    ("transformation", _("変革")),
    ("municipal_commitment", _("自治体の積極性と継続性")),
    ("diversity_unity", _("多様性と一体感")),
    ("other_considerations", _("その他")),
]
