"""The password rules in the form Django asks them, with the words of this installation and this person."""

import re
from functools import cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tsunagu.accounts.models import Person
from tsunagu.accounts.passwords import LONGEST, SHORTEST, Weakness, weaknesses
from tsunagu.registry.models import Lab


@cache
def common_passwords() -> frozenset[str]:
    """The 20,000 most used passwords, from the list Django ships."""
    return frozenset(CommonPasswordValidator().passwords)


def words_about(person: Any) -> list[str]:
    """Words somebody who knows the person would try: parts of name and address, and the names of labs."""
    words = list(Lab.objects.values_list("name", flat=True))
    words += [name for name in Lab.objects.values_list("region__name", flat=True) if name]
    if isinstance(person, Person):
        words += [*re.split(r"[\s　・]+", person.name), person.name]
        words += [*re.split(r"[@.\-_+]+", person.email), person.email]
    return words


class PasswordRules:
    """Django's validator interface over `accounts.passwords`."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises `ValidationError` with one plain sentence for each weakness."""
        found = weaknesses(password, common=common_passwords(), words=words_about(user))
        if found:
            raise ValidationError([ValidationError(self._sentence(one), code=one) for one in found])

    def get_help_text(self) -> str:
        """What to say before anybody types."""
        return _(
            "%(n)d文字以上。記号や大文字は要りません。関係のない言葉をいくつか並べると、覚えやすく、見破られにくくなります。"
        ) % {"n": SHORTEST}

    def _sentence(self, weakness: Weakness) -> str:
        return {
            Weakness.SHORT: _("短すぎます。%(n)d文字以上にしてください。") % {"n": SHORTEST},
            Weakness.LONG: _("長すぎます。%(n)d文字までにしてください。") % {"n": LONGEST},
            Weakness.COMMON: _(
                "よく使われるパスワードか、その変形です。だれかに試されやすいので、別のものにしてください。"
            ),
            Weakness.CONTEXT: _(
                "お名前、メールアドレス、ラボやこの制度の名前が大部分です。関係のない言葉を足してください。"
            ),
            Weakness.PATTERN: _(
                "同じ文字の繰り返しや、並び順どおりの文字が大部分です。関係のない言葉を足してください。"
            ),
        }[weakness]
