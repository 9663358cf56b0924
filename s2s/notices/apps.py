from django.apps import AppConfig


class Notices(AppConfig):
    name = "s2s.notices"
    label = "notices"
