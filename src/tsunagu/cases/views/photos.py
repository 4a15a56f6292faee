"""Photos of a case: the page to add and remove them, and the pictures themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.cases import selectors
from tsunagu.cases.forms import PhotoForm
from tsunagu.cases.models import Case, CasePhoto
from tsunagu.cases.rules import NotAllowed
from tsunagu.cases.services import photos as services
from tsunagu.engines.uploads import UploadRefused
from tsunagu.files.services import FileNotTaken
from tsunagu.files.serving import serve_file
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _tended(request: HttpRequest, number: str) -> Case:
    return get_object_or_404(selectors.tended_cases(viewer_of(request)), number=number)


@audience(Audience.LAB)
def photos(request: HttpRequest, number: str) -> HttpResponse:
    """The photos of a case one writes, and the form for one more."""
    case = _tended(request, number)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.add_photo(
                case=case, upload=given["photo"], alt=given["alt"], caption=given["caption"],
                people_agreed=given["people_agreed"], by=viewer_of(request),
            )  # fmt: skip
        except UploadRefused:
            form.add_error("photo", _("写真として読めません。JPEG か PNG で保存し直してください。"))
        except (NotAllowed, FileNotTaken) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("写真を加えました。"))
            return redirect("cases:photos", number)
    context = {
        "case": case,
        "form": form,
        "photos": case.photos.select_related("stored_file"),
        "most": services.MOST_PHOTOS,
        "crumbs": [
            (_("事例を書く"), reverse("cases:own")), (case.title or case.number, reverse("cases:desk", args=[number])),
            (_("写真"), None),
        ],
    }  # fmt: skip
    return render(request, "cases/photos.html", context, status=422 if form.errors else 200)


@audience(Audience.LAB)
@require_POST
def remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a photo away."""
    photo = get_object_or_404(CasePhoto, case=_tended(request, number), pk=pk)
    try:
        services.remove_photo(photo=photo, by=viewer_of(request))
        messages.success(request, _("写真を外しました。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("cases:photos", number)


@audience(Audience.PUBLIC)
@require_safe
def photo(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """The picture, for whoever may open the case."""
    case = selectors.readable(viewer_of(request), number)
    found = get_object_or_404(CasePhoto.objects.select_related("stored_file"), case=case, pk=pk)
    return serve_file(found.stored_file)
