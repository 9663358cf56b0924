from django.apps import AppConfig


class Transfers(AppConfig):
    name = "s2s.transfers"
    label = "transfers"
