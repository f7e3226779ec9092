"""The inventory's page at 100,000 credentials beside Django admin's list of the same table. Admin is here only."""
