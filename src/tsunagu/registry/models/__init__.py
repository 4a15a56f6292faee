"""The tables of the registry."""

from tsunagu.registry.models.contacts import LabContact
from tsunagu.registry.models.documents import LabDocument
from tsunagu.registry.models.imports import ImportBatch
from tsunagu.registry.models.labs import Designation, Lab, MemberOrg, StatusEvent
from tsunagu.registry.models.organisations import Organisation
from tsunagu.registry.models.places import Bureau, LocalGovernment, Region
from tsunagu.registry.models.plans import Indicator, IndicatorTarget, Policy
from tsunagu.registry.models.programme import Criterion, Merit, Round

__all__ = [
    "Bureau",
    "Criterion",
    "Designation",
    "ImportBatch",
    "Indicator",
    "IndicatorTarget",
    "Lab",
    "LabContact",
    "LabDocument",
    "LocalGovernment",
    "MemberOrg",
    "Merit",
    "Organisation",
    "Policy",
    "Region",
    "Round",
    "StatusEvent",
]
