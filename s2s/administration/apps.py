from django.apps import AppConfig


class Administration(AppConfig):
    name = "s2s.administration"
    label = "administration"
