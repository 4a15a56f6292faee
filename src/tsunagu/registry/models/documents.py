"""Documents of a lab, each shared with those the lab chose."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.files.models import StoredFile
from tsunagu.registry.models.labs import Lab
from tsunagu.registry.models.versions import Versioned
from tsunagu.sharing.policy import Paths, Shared


class LabDocument(Shared, Versioned):
    """A file a lab shares: with everybody, other labs, its region, named labs, or the secretariat."""

    sharing_paths = Paths(lab="lab_id", bureau="lab__region__bureau__code", party_labs="parties")

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="documents", verbose_name=_("ラボ"))
    title = models.CharField(_("題名"), max_length=100)
    stored_file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, verbose_name=_("ファイル"))
    parties = models.ManyToManyField(
        Lab, blank=True, related_name="+", verbose_name=_("名前を挙げて見せるラボ")
    )

    class Meta:
        verbose_name = _("資料")
        ordering = ["lab", "-pk"]

    def __str__(self) -> str:
        return self.title
