"""Rules about an owner's own templates of pages, told while they are read."""

from podfeed.check.registry import told_by_reader


@told_by_reader("error", source="Jinja, template designer documentation")
def template_unreadable() -> None:
    """A file in ``templates/`` is no template: a tag in it is not closed, or not known.

    Bad:
        # templates/withdrawn.html
        {% extends "base.html" %}
        {% block content %}<p>Gone.</p>

    Good:
        # templates/withdrawn.html
        {% extends "base.html" %}
        {% block content %}<p>Gone.</p>{% endblock %}
    """


@told_by_reader("warning")
def template_unused() -> None:
    """A file in ``templates/`` has no page: podfeed has no template of that name, and none of yours includes it.

    Bad:
        # templates/episodes.html
        <p>{{ episode.title }}</p>

    Good:
        # templates/withdrawn.html
        <p>{{ frame.show.title }}</p>
    """
