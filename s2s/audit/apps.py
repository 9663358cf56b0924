from django.apps import AppConfig


class Audit(AppConfig):
    name = "s2s.audit"
    label = "audit"
