"""Rules about what is stored at a target, told by `podfeed verify`."""

from podfeed.check.registry import told_by_reader


@told_by_reader("error", codes="MG009")
def stored_object_missing() -> None:
    """Something that a published generation names is gone from the store.

    Apps that have an old feed still ask for it. Bring it back from a backup. Pages are put again by
    `podfeed verify --repair`.
    """


@told_by_reader("error")
def stored_object_changed() -> None:
    """Something in the store has other bytes than were put there.

    podfeed never changes what is published, so somebody else did, or the store lost it. Look at who may write there,
    and bring the old bytes back.
    """


@told_by_reader("error")
def stored_header_wrong() -> None:
    """Something in the store is served with another type, or as packed, though it is not.

    Set it right at the store: podfeed puts no medium twice.
    """


@told_by_reader("warning")
def stored_caching_wrong() -> None:
    """Something in the store tells caches another time to keep it than podfeed said."""


@told_by_reader("error")
def stored_feed_missing() -> None:
    """A feed that was published is gone from the store; `podfeed rollback` puts it back."""


@told_by_reader("error")
def stored_feed_changed() -> None:
    """Somebody changed a published feed by hand, or replaced it.

    podfeed publishes nothing over it: `podfeed rollback` restores what was published. A feed that another program put
    there can be taken over by `podfeed adopt` and `podfeed publish --first`.
    """


@told_by_reader("error")
def stored_record_wrong() -> None:
    """The record that a feed names is gone or changed, so nobody can say what is published.

    Bring it back from a backup, or run `podfeed rollback`.
    """


@told_by_reader("warning")
def stored_generation_missing() -> None:
    """The record of an earlier generation is gone: `podfeed rollback` cannot go back beyond it."""


@told_by_reader("warning")
def stored_feed_behind() -> None:
    """A further feed of a show is older than its main one; the next `podfeed publish` mends that."""


@told_by_reader("warning")
def stored_page_behind() -> None:
    """A page in the store is not the one of the published generation, as after a race of two publishers.

    The next change puts it right, and so does `podfeed verify --repair`.
    """
