"""Deploy keys from the request to the proven end."""
