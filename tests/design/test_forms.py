"""What forms say in the same words everywhere."""

from django import forms


class Sheet(forms.Form):
    """One of each kind of field that may be left empty."""

    name = forms.CharField()
    day = forms.DateField()
    kind = forms.ChoiceField(choices=[("a", "A")])
    many = forms.MultipleChoiceField(choices=[("a", "A")])
    file = forms.FileField()


def test_an_empty_field_says_what_to_do() -> None:
    said = {name: list(texts) for name, texts in Sheet({}).errors.items()}
    assert said == {
        "name": ["入力してください。"],
        "day": ["入力してください。"],
        "kind": ["選んでください。"],
        "many": ["選んでください。"],
        "file": ["選んでください。"],
    }
