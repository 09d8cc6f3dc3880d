"""What is around every page: sidebar, top bar, palette, toasts."""
