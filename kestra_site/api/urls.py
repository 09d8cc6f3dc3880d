"""Routes of what belongs to no app."""

from django.urls import path

from kestra_site.api import configuration, described
from rest.openapi import older
from rest.shapes import describe

describe(described.OPERATIONS)

instance_urls = [
    path("configs", configuration.ConfigurationView.as_view()),
    path("configs/login", configuration.LoginConfigurationView.as_view()),
    path("license-info", configuration.LicenceView.as_view()),
    path("pebble/filters", configuration.FiltersView.as_view()),
    path("pebble/functions", configuration.FunctionsView.as_view()),
]
tenant_urls = [
    path("configs", older(configuration.ConfigurationView)),
]
