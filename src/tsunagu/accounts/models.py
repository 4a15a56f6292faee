"""People, the roles they hold from day to day, and one-time sign-in links."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.models import Bureau, Lab, Organisation
from tsunagu.sharing.viewer import Role

OF_LABS = [Role.LAB_OFFICE, Role.LAB_MEMBER]
OF_ORGANISATIONS = [Role.SUPPORT_ORG, Role.COMPANY]
# METI, IPA and people who take part in their own name; whom they work for may be noted.
OF_THEIR_OWN = [Role.METI, Role.IPA, Role.REVIEWER, Role.EXPERT, Role.TALENT]


class PersonManager(BaseUserManager["Person"]):
    """Makes people without a usable password: the only door today is a one-time link."""

    def create_person(self, email: str, name: str, **fields: Any) -> "Person":
        person = self.model(email=email.strip().lower(), name=name, **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Someone who signs in, known by e-mail address."""

    history_secret = ("password",)
    history_silent = ("last_login",)

    email = models.EmailField(_("メールアドレス"), unique=True)
    name = models.CharField(_("氏名"), max_length=100)
    is_active = models.BooleanField(_("利用できる"), default=True)
    is_demo = models.BooleanField(_("試用の人物"), default=False)

    USERNAME_FIELD = "email"
    objects = PersonManager()

    class Meta:
        verbose_name = _("人")
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_any_case")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person holds a role from one day to another, for a bureau, a lab or an organisation where the role needs one.

    Every April somebody confirms that it still holds (`rules.standing`); what nobody confirms stops counting.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("役割"), max_length=20, choices=Role.choices)
    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, null=True, blank=True)
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, null=True, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True)
    valid_from = models.DateField(_("開始日"), default=timezone.localdate)
    valid_to = models.DateField(_("終了日"), null=True, blank=True)
    confirmed_on = models.DateField(_("最後に確認した日"), default=timezone.localdate)

    class Meta:
        verbose_name = _("役割")
        constraints = [
            models.CheckConstraint(
                name="membership_role_has_its_place",
                condition=(
                    models.Q(
                        role=Role.BUREAU, bureau__isnull=False, lab__isnull=True, organisation__isnull=True
                    )
                    | models.Q(role__in=OF_LABS, lab__isnull=False, bureau__isnull=True)
                    | models.Q(
                        role__in=OF_ORGANISATIONS,
                        organisation__isnull=False,
                        lab__isnull=True,
                        bureau__isnull=True,
                    )
                    | models.Q(role__in=OF_THEIR_OWN, lab__isnull=True, bureau__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"

    @property
    def place(self) -> str:
        """Where the role is held: a bureau, lab or organisation; empty for the ministry and people of their own."""
        return str(self.bureau or self.lab or self.organisation or "")


class SignInLink(models.Model):
    """A link that signs one person in once. Only the hash of its token is kept."""

    history_secret = ("token_hash",)

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("サインイン用リンク")

    def __str__(self) -> str:
        return f"{self.person} {self.expires_at:%Y-%m-%d %H:%M}"
