"""What the pages of this area read."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.tenancy import DEFAULT_TENANT
from rbac.passwords import check_password_rule
from rest.paths import TENANT_ID, is_tenant_id


class SignInForm(forms.Form):
    username = forms.CharField(label=_("E-mail"), max_length=254)
    password = forms.CharField(label=_("Password"), max_length=1_000, strip=False)


class NewPasswordForm(forms.Form):
    """A password twice, by the rule that the operator has set."""

    password = forms.CharField(label=_("Password"), max_length=1_000, strip=False)
    repeated = forms.CharField(label=_("Password again"), max_length=1_000, strip=False)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            check_password_rule(password)
        except Invalid as error:
            raise forms.ValidationError([each.message for each in error.violations]) from error
        return password

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("password") and given.get("repeated") not in (None, given["password"]):
            self.add_error("repeated", _("The two passwords differ."))
        return given


class SetupForm(NewPasswordForm):
    tenant = forms.CharField(label=_("Id"), max_length=100, initial=DEFAULT_TENANT)
    tenant_name = forms.CharField(label=_("Name"), max_length=250, required=False)
    username = forms.EmailField(label=_("E-mail"), max_length=254)

    def clean_tenant(self) -> str:
        tenant: str = self.cleaned_data["tenant"]
        if TENANT_ID.fullmatch(tenant) is None:
            raise forms.ValidationError(
                _("Use lower-case letters, digits, dashes, underscores; a letter or digit first.")
            )
        if not is_tenant_id(tenant):
            raise forms.ValidationError(_("This word is part of addresses; choose another one."))
        return tenant


def password_hint() -> str:
    """The rule in words."""
    policy = settings.KESTRA_PASSWORD_POLICY
    parts = [_("%(count)s characters") % {"count": policy.min_length}]
    for count, words in (
        (policy.min_upper, _("%(count)s upper-case")),
        (policy.min_lower, _("%(count)s lower-case")),
        (policy.min_digits, _("%(count)s digit")),
    ):
        if count:
            parts.append(words % {"count": count})
    if policy.require_special:
        parts.append(_("1 of %(characters)s") % {"characters": policy.special_characters})
    return _("At least %(parts)s.") % {"parts": ", ".join(map(str, parts))}
