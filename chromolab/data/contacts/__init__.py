"""Contacts of any kind become the pCREs of each promoter."""
