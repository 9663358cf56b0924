from django.apps import AppConfig


class Organisations(AppConfig):
    name = "s2s.organisations"
    label = "organisations"
