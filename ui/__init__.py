"""HTML pages: each area is a folder with its views, forms, addresses and what the shell shows of
it. Rules of the domain are in the apps below."""
