"""`make bench`: the figures that the product promises, each measured beside its floor."""
