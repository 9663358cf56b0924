from django.apps import AppConfig


class Accounts(AppConfig):
    name = "s2s.accounts"
    label = "accounts"
