"""REST API of sign-in, the current user and the words of permissions."""
