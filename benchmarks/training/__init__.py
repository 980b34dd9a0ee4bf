"""Makes the shipped heads from a folder of data sets (which is no part of the project)."""
