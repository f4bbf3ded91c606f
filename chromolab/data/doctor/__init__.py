"""The doctor: what is wrong with the files of a `my.yaml`, before a build."""
