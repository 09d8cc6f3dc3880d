"""Import of flows from an uploaded file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import BadRequest
from flows import services
from flows.uploads import read_upload
from rest.gate import actor_of
from ui.frame import page, require
from ui.rendering import go_to

_TOLD = 5
"""Failures that one message tells."""


@page("FLOW", ("CREATE", "IMPORT"), methods=("POST",))
def import_flows(request: HttpRequest, tenant: str) -> HttpResponse:
    """The part `file`: what holds is written, what does not is told."""
    upload = request.FILES.get("file")
    if upload is None:
        raise BadRequest("no file was sent; choose a YAML file or a ZIP archive")

    def check(namespace: str, deletes: bool) -> None:
        del deletes  # an import deletes nothing
        require(request, "FLOW", "CREATE", namespace=namespace)
        require(request, "FLOW", "UPDATE", namespace=namespace)

    files = read_upload(upload.name or "", upload.read())
    report = services.import_flows(actor=actor_of(request), files=files, check=check)
    count = len(report.imported)
    if count:
        told = ngettext("%d flow imported.", "%d flows imported.", count)
        messages.success(request, told % count)
    for name, reason in report.failures[:_TOLD]:
        messages.error(
            request, _("Not imported: %(name)s: %(why)s") % {"name": name, "why": reason}
        )
    if len(report.failures) > _TOLD:
        more = len(report.failures) - _TOLD
        messages.error(
            request,
            ngettext("%d more was not imported.", "%d more were not imported.", more) % more,
        )
    if not count and not report.failures:
        messages.warning(request, _("The file has no flow in it."))
    return go_to(request, f"/ui/{tenant}/flows")
