from django.apps import AppConfig


class Web(AppConfig):
    name = "s2s.web"
    label = "web"
