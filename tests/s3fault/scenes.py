"""What can be published: a show for the first time, a new episode, other audio, a withdrawal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from podfeed.publish.wanted import Intent
from s3fault.checkouts import Checkout
from s3fault.world import World

FIRST = Intent(is_first=True)
WITHDRAWAL = Intent(withdraws=frozenset({"a"}))
THREE = Checkout().having("a", "b", "c")
#: The same, where config.yaml says that the feed lies elsewhere from now on.
MOVED = replace(THREE, feed_key="radio/moved.xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One run of one publisher."""

    name: str
    #: What is public before; None for nothing.
    before: Checkout | None = THREE
    after: Checkout
    intent: Intent = field(default_factory=Intent)

    @property
    def plain(self) -> Intent:
        """What somebody means who just publishes."""
        return Intent(is_first=self.before is None)

    def beginning(self, make: Callable[[], World]) -> Callable[[], World]:
        """Makes worlds in which this is about to happen; what is public before was published once, for all of them."""
        past = self._past(make)

        def begin() -> World:
            world = make()
            world.bucket.objects |= past.bucket.objects
            world.observer.go_on(past.observer)
            return world

        return begin

    def _past(self, make: Callable[[], World]) -> World:
        world = make()
        observer, back = world.observer, self.intent.reinstates
        observer.may_leave |= self.intent.withdraws | back
        if self.before:
            assert world.publish("before", self.before, FIRST) == 0
            assert not back or world.publish("before", self.before, Intent(withdraws=back)) == 0
            assert not world.violations
        observer.may_return |= back
        return world


SCENES = (
    Scene(name="first publish", before=None, after=THREE, intent=FIRST),
    Scene(name="new episode", after=THREE.having("d")),
    Scene(name="replaced audio", after=THREE.having("b", version=2, take=2)),
    Scene(name="withdrawal", after=THREE, intent=WITHDRAWAL),
    Scene(name="moved feed", after=MOVED.having("d")),
    Scene(name="reinstatement", after=THREE, intent=Intent(reinstates=WITHDRAWAL.withdraws)),
)
