"""Django's settings, one module for each concern, all made from the one configuration."""

from kestra_site.settings.apps import *
from kestra_site.settings.auth import *
from kestra_site.settings.celery import *
from kestra_site.settings.channels import *
from kestra_site.settings.database import *
from kestra_site.settings.engine import *
from kestra_site.settings.logging import *
from kestra_site.settings.pages import *
from kestra_site.settings.rest import *
from kestra_site.settings.security import *
from kestra_site.settings.storage import *
