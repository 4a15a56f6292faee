"""Making two records of one organisation one."""

from django.db import transaction

from tsunagu.registry.models import MemberOrg, Organisation


class MergeRefused(ValueError):
    """Two organisations that cannot be merged; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_merge(keep: Organisation, drop: Organisation) -> None:
    """Whether `drop` may be merged into `keep`. Raises `MergeRefused`."""
    if keep.pk == drop.pk:
        raise MergeRefused("same")
    if keep.merged_into_id or drop.merged_into_id:
        raise MergeRefused("already_merged")
    if keep.corporate_number and drop.corporate_number and keep.corporate_number != drop.corporate_number:
        raise MergeRefused("two_corporate_numbers")


@transaction.atomic
def merge_organisations(*, keep: Organisation, drop: Organisation, reason: str) -> Organisation:
    """Make two records of one body one: memberships move to `keep`, empty fields are filled from `drop`.

    `drop` stays as a pointer, so that a later import of its row finds `keep`. Raises `MergeRefused`.
    """
    locked = {
        one.pk: one for one in Organisation.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk])
    }
    keep, drop = locked[keep.pk], locked[drop.pk]
    check_merge(keep, drop)
    for membership in list(drop.memberships.all()):
        _take_over(membership, keep)
    Organisation.objects.filter(merged_into=drop).update(merged_into=keep)
    drop.merged_into, drop.merge_reason = keep, reason
    drop.save(update_fields=["merged_into", "merge_reason"])
    for field in ("corporate_number", "website", "source", "prefecture_id"):
        if not getattr(keep, field):
            setattr(keep, field, getattr(drop, field))
    keep.save(update_fields=["corporate_number", "website", "source", "prefecture"])
    return keep


def _take_over(membership: MemberOrg, keep: Organisation) -> None:
    """Make a membership another organisation's, or one with what that one has already."""
    same = keep.memberships.filter(lab=membership.lab_id, role=membership.role)
    twin = (
        same.filter(valid_from=membership.valid_from).first()
        or same.filter(valid_to=membership.valid_to).first()
    )
    if twin is None:
        membership.organisation = keep
        membership.save()
        return
    known = [day for day in (twin.valid_from, membership.valid_from) if day]
    twin.valid_from = min(known, key=lambda day: day.earliest, default=None)
    twin.valid_to = twin.valid_to or membership.valid_to
    twin.source = "\n".join(filter(None, dict.fromkeys([twin.source, membership.source])))
    membership.delete()
    twin.save()
