"""`python -m chaos.launcher server …`: the product's own command, with a planted bug if CHAOS_PLANT
names one. Nothing in the product knows that variable."""

import os

from chaos.plants import plant
from kestra_site.cli import main

if __name__ == "__main__":
    plant(os.environ.get("CHAOS_PLANT", ""))
    main()
