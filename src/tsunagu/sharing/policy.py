"""The programme's information-sharing rules: who may see which record, and which of its fields, as SQL.

Audiences (glossary: 公開範囲): public ⊃ labs ⊃ region ⊃ parties ⊃ secretariat. A record outside one's audience does not
exist: it is in no list, count, file or search, and its address answers 404. A model takes part by `Shared`.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from tsunagu.sharing.viewer import Viewer

SharedModel = TypeVar("SharedModel", bound="Shared")


class RecordAudience(models.TextChoices):
    """Who a record is for, from the widest to the narrowest."""

    PUBLIC = "public", _("公開（だれでも）")
    LABS = "labs", _("ラボ間（すべてのラボと支援機関・専門家）")
    REGION = "region", _("地域内（同じ経済産業局の管内）")
    PARTIES = "parties", _("当事者（このラボと、名前を挙げたラボ）")
    SECRETARIAT = "secretariat", _("制度の事務局と担当の経済産業局")


@dataclass(frozen=True)
class Paths:
    """Where, from a record, the policy finds its lab, its bureau's code, and the labs named as parties (query paths)."""

    lab: str
    bureau: str
    party_labs: str = ""


class Shared(models.Model):
    """A record with an audience of its own. `field_audiences` names fields kept to fewer than see the record."""

    sharing_paths: ClassVar[Paths]
    field_audiences: ClassVar[dict[str, RecordAudience]] = {}

    audience = models.CharField(
        _("公開範囲"), max_length=12, choices=RecordAudience.choices, default=RecordAudience.LABS
    )

    class Meta:
        abstract = True


def _level(viewer: Viewer, paths: Paths) -> dict[RecordAudience, Q | None]:
    """For each audience: the condition under which the viewer belongs to it; None where never, Q() where always."""
    in_charge = Q(**{f"{paths.bureau}__in": viewer.bureau_codes}) if viewer.bureau_codes else None
    parties = _any(
        in_charge,
        Q(**{f"{paths.lab}__in": viewer.lab_ids}) if viewer.lab_ids else None,
        Q(**{f"{paths.party_labs}__in": viewer.lab_ids}) if viewer.lab_ids and paths.party_labs else None,
    )
    near = Q(**{f"{paths.bureau}__in": viewer.near_bureaus}) if viewer.near_bureaus else None
    return {
        RecordAudience.PUBLIC: Q(),
        RecordAudience.LABS: Q() if viewer.is_in_circle else None,
        RecordAudience.REGION: _any(near if viewer.is_in_circle else None, parties),
        RecordAudience.PARTIES: parties,
        RecordAudience.SECRETARIAT: in_charge,
    }


def _any(*conditions: Q | None) -> Q | None:
    """Whether one of the conditions holds; None stands for never."""
    met: Q | None = None
    for one in conditions:
        if one is not None:
            met = one if met is None else met | one
    return met


def condition(model: type[Shared], viewer: Viewer) -> Q:
    """The SQL condition under which `viewer` may know that a record exists."""
    if viewer.is_secretariat:
        return Q()
    met = _any(
        *[
            Q(audience=audience) & rule
            for audience, rule in _level(viewer, model.sharing_paths).items()
            if rule is not None
        ]
    )
    return Q(pk__in=[]) if met is None else met


def visible(records: QuerySet[SharedModel], viewer: Viewer) -> QuerySet[SharedModel]:
    """The records that exist for `viewer`, each once, with fields outside their reach emptied in SQL.

    A kept-back field `phone` must be read as `phone_shown`: filters and searches on it then cannot leak either.
    """
    model = records.model
    # Through a list of its own: a record with several parties must not come twice.
    allowed = model._default_manager.filter(condition(model, viewer)).values("pk")
    records = records if viewer.is_secretariat else records.filter(pk__in=allowed)
    return records.annotate(**_kept_back(model, viewer))


def _kept_back(model: type[Shared], viewer: Viewer) -> dict[str, Any]:
    annotations: dict[str, Any] = {}
    levels = _level(viewer, model.sharing_paths)
    for name, audience in model.field_audiences.items():
        rule = Q() if viewer.is_secretariat else levels[audience]
        if rule == Q():
            annotations[f"{name}_shown"] = F(name)
        else:
            field = _field(model, name)
            nothing = Value(_nothing(field), output_field=field)
            annotations[f"{name}_shown"] = (
                nothing
                if rule is None
                else Case(When(rule, then=F(name)), default=nothing, output_field=field)
            )
    return annotations


def _nothing(field: "models.Field[Any, Any]") -> str | None:
    """What stands in the place of a value kept back: an empty text, or no number."""
    return "" if isinstance(field, models.CharField | models.TextField) else None


def _field(model: type[Shared], name: str) -> "models.Field[Any, Any]":
    return next(one for one in model._meta.concrete_fields if one.name == name)
