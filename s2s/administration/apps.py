from django.apps import AppConfig


class Administration(AppConfig):
    name = "s2s.administration"
    label = "administration"

    def ready(self) -> None:
        from s2s.administration import undelivered
        from s2s.notices import outbox

        outbox.DIED.append(undelivered.tell)
