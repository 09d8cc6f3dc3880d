"""Secrets of a namespace and the places they can live. The folder above is no package: `secrets`
stays the standard library."""
