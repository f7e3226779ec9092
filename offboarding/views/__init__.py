"""Views parse, authorise, call one operation, render."""
