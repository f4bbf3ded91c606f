"""Any kind of contacts -> each promoter's pCREs."""
