"""Signal tracks of any kind become exact bin means, each with its scale."""
