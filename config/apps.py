from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The stand-alone project's own pages and commands (demo company, demo mailbox)."""

    name = "config"
    verbose_name = "Passerelle (project)"
