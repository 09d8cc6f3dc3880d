"""The REST frame's own settings, which `rest` keeps beside the code that relies on them."""

from rest.defaults import *
