"""How states look: a shape and a word for each, so that colour is never alone. The colours are in
`frontend/src/styles/components/states.css`."""

from django.utils.translation import gettext_lazy as _

STATE_ICONS = {
    "CREATED": "circle-dashed",
    "QUEUED": "clock",
    "RUNNING": "loader-circle",
    "SUCCESS": "circle-check",
    "WARNING": "triangle-alert",
    "FAILED": "circle-x",
    "KILLING": "octagon-alert",
    "KILLED": "octagon-x",
    "PAUSED": "circle-pause",
    "BREAKPOINT": "circle-dot",
    "CANCELLED": "circle-slash",
    "SKIPPED": "chevrons-right",
    "RETRYING": "rotate-cw",
    "RETRIED": "rotate-ccw",
    "RESTARTED": "step-back",
}
STATE_WORDS = {
    "CREATED": _("Created"),
    "QUEUED": _("Queued"),
    "RUNNING": _("Running"),
    "SUCCESS": _("Success"),
    "WARNING": _("Warning"),
    "FAILED": _("Failed"),
    "KILLING": _("Killing"),
    "KILLED": _("Killed"),
    "PAUSED": _("Paused"),
    "BREAKPOINT": _("Breakpoint"),
    "CANCELLED": _("Cancelled"),
    "SKIPPED": _("Skipped"),
    "RETRYING": _("Retrying"),
    "RETRIED": _("Retried"),
    "RESTARTED": _("Restarted"),
}
