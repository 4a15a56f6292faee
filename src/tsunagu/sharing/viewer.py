"""The person looking at a page, reduced to what the sharing rules ask about."""

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person does in the programme (dossier §1). A role counts only while its membership is valid."""

    METI = "meti", _("経済産業省")
    IPA = "ipa", _("IPA（制度の事務局）")
    BUREAU = "bureau", _("経済産業局")
    LAB_OFFICE = "lab_office", _("ラボの事務局")


SECRETARIAT_ROLES = frozenset({Role.METI, Role.IPA})
STAFF_ROLES = SECRETARIAT_ROLES | {Role.BUREAU}


@dataclass(frozen=True)
class Viewer:
    """Who asks: the roles valid today, and the bureaus and labs those roles are for."""

    person_id: int | None = None
    display_name: str = ""
    roles: frozenset[str] = frozenset()
    bureau_codes: frozenset[str] = field(default_factory=frozenset)
    lab_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def is_secretariat(self) -> bool:
        """METI or IPA: decides for the whole programme."""
        return bool(self.roles & SECRETARIAT_ROLES)

    @property
    def is_staff(self) -> bool:
        """The secretariat or one of the nine bureaus: may enter the back office."""
        return bool(self.roles & STAFF_ROLES)


PUBLIC = Viewer()
