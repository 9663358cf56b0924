from django.apps import AppConfig


class Directory(AppConfig):
    name = "s2s.directory"
    label = "directory"
