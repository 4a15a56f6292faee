"""Whom to ask at a lab: each line kept to those the lab shares it with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.models.labs import Lab
from tsunagu.registry.models.versions import Versioned
from tsunagu.sharing.policy import Paths, RecordAudience, Shared


class LabContact(Shared, Versioned):
    """A desk or a person at a lab. The desk goes to the record's audience, the person to other labs at most."""

    sharing_paths = Paths(lab="lab_id", bureau="lab__region__bureau__code", party_labs="parties")
    field_audiences = {
        "person": RecordAudience.LABS,
        "phone": RecordAudience.LABS,
        "note": RecordAudience.PARTIES,
    }

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("ラボ"))
    desk = models.CharField(_("担当の部署・窓口"), max_length=100)
    email = models.EmailField(_("メールアドレス"), blank=True)
    person = models.CharField(_("担当者の氏名"), max_length=100, blank=True)
    phone = models.CharField(_("電話番号"), max_length=30, blank=True)
    note = models.TextField(_("申し送り"), blank=True)
    parties = models.ManyToManyField(
        Lab, blank=True, related_name="+", verbose_name=_("名前を挙げて見せるラボ")
    )

    class Meta:
        verbose_name = _("連絡先")
        ordering = ["lab", "desk", "pk"]

    def __str__(self) -> str:
        return self.desk
