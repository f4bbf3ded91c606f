"""The models. Each says which marks and resolutions it reads and gets them from one dataset."""
