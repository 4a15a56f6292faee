"""Small forms around an answer sheet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.models import Right


class CoEditorForm(forms.Form):
    """Whom to work with."""

    name = forms.CharField(label=_("氏名"), max_length=100)
    email = forms.EmailField(label=_("メールアドレス"))
    right = forms.TypedChoiceField(
        label=_("できること"), choices=Right.choices, coerce=int, initial=Right.EDIT, widget=forms.RadioSelect
    )


class QuestionForm(forms.Form):
    """A question to the secretariat about a field."""

    field = forms.ChoiceField(label=_("どの欄について"))
    text = forms.CharField(
        label=_("質問"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "事務局の人だけが読みます。ほかの人にも役立つときは、だれの質問か分からない形にして公開されることがあります。"
        ),
    )


class ApprovalForm(forms.Form):
    """起案: whom to ask for approval."""

    name = forms.CharField(label=_("決裁する人の氏名"), max_length=100)
    email = forms.EmailField(label=_("決裁する人のメールアドレス"))
    note = forms.CharField(
        label=_("起案の説明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class WorkbookForm(forms.Form):
    """A filled-in workbook."""

    file = forms.FileField(
        label=_("書いたExcel"),
        help_text=_("この画面で受け取ったファイルに限ります。マクロを含むファイルは取り込めません。"),
    )
