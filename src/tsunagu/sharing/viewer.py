"""The person looking at a page, reduced to what the sharing rules ask about."""

from dataclasses import dataclass
from typing import Optional

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person does in the programme (dossier §1). A role counts only while its membership is valid."""

    METI = "meti", _("経済産業省")
    IPA = "ipa", _("IPA（制度の事務局）")
    BUREAU = "bureau", _("経済産業局")
    LAB_OFFICE = "lab_office", _("ラボの事務局")
    LAB_MEMBER = "lab_member", _("ラボの構成員")
    REVIEWER = "reviewer", _("審査員")
    EXPERT = "expert", _("専門家・メンター")
    SUPPORT_ORG = "support_org", _("支援機関")
    COMPANY = "company", _("企業")
    TALENT = "talent", _("デジタル人材")


SECRETARIAT_ROLES = frozenset({Role.METI, Role.IPA})
STAFF_ROLES = SECRETARIAT_ROLES | {Role.BUREAU}
LAB_ROLES = frozenset({Role.LAB_OFFICE, Role.LAB_MEMBER})
# 「ラボ間」: all labs and those who work with them every day.
CIRCLE_ROLES = STAFF_ROLES | LAB_ROLES | {Role.EXPERT, Role.SUPPORT_ORG}


@dataclass(frozen=True)
class Viewer:
    """Who asks: the roles valid today, and the bureaus, labs and organisations those roles are for.

    `lab_ids`: labs the person works for; `office_lab_ids`: those whose office they are, and whose records they tend.
    `near_bureaus`: the bureaus in whose block the person works, through a bureau, a lab or an organisation.
    `seen_by`: the secretariat's person who looks at pages as this one.
    """

    person_id: int | None = None
    display_name: str = ""
    roles: frozenset[str] = frozenset()
    bureau_codes: frozenset[str] = frozenset()
    lab_ids: frozenset[int] = frozenset()
    office_lab_ids: frozenset[int] = frozenset()
    organisation_ids: frozenset[int] = frozenset()
    near_bureaus: frozenset[str] = frozenset()
    seen_by: Optional["Viewer"] = None

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def signed_in_id(self) -> int:
        """The person's id, for acts that only a signed-in person can do. Raises `PermissionError` for the public."""
        if self.person_id is None:
            raise PermissionError("not signed in")
        return self.person_id

    @property
    def is_secretariat(self) -> bool:
        """METI or IPA: decides for the whole programme."""
        return bool(self.roles & SECRETARIAT_ROLES)

    @property
    def is_staff(self) -> bool:
        """The secretariat or one of the nine bureaus: may enter the back office."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_in_circle(self) -> bool:
        """One of the labs and partners that records shared between labs are for."""
        return bool(self.roles & CIRCLE_ROLES)

    @property
    def is_reviewer(self) -> bool:
        """Reviews applications or awards."""
        return Role.REVIEWER in self.roles

    @property
    def is_expert(self) -> bool:
        """Is in the directory of experts, or about to be."""
        return Role.EXPERT in self.roles

    @property
    def is_in_co_lead(self) -> bool:
        """Takes part in Furusato Co-LEAD, as a talent or for a company."""
        return bool(self.roles & {Role.TALENT, Role.COMPANY})

    @property
    def has_lab(self) -> bool:
        """Works for a lab, in its office or as a member."""
        return bool(self.lab_ids)


PUBLIC = Viewer()
