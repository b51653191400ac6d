"""Readers of the files that say which packages a project needs."""
