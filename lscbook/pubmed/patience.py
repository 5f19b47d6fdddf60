"""How long a service is waited for: until a deadline, told where it is long, and never longer than it is worth."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import tenacity

from lscbook.pubmed.answers import Transient

SILENCE = 15.0  # seconds after which a service that cannot be reached at all is given up
CONNECT = 5.0  # seconds for one address of a host to take a connection; then the next has its chance
TOLD = 2.0  # a pause of more seconds is told
FEW = 3  # tries of what more tries seldom change: a 400 without a known reason, a document that does not parse
MANY = 12

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """`deadline` limits all tries of one call together, in seconds; `say` hears why a long pause is made.

    `silence` is the limit where nobody answers at all: what no try has ever reached is given up soon.
    """

    deadline: float = 300.0
    silence: float = SILENCE
    first_pause: float = 0.5
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    say: Callable[[str], None] = lambda _line: None

    def call(self, once: Callable[[], T]) -> T:
        """Call until it passes.

        Raises:
            Transient: it did not pass in time, or asks for a pause that ends after the deadline.
        """
        began = latest = self.clock()

        def timed() -> T:
            nonlocal latest
            latest = self.clock()
            return once()

        def over(state: tenacity.RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            assert isinstance(error, Transient)  # noqa: S101  nothing else is tried again
            tries = FEW if error.relayed or error.halve else MANY
            now = self.clock()
            resumed = now - began + state.upcoming_sleep
            if error.unreachable:  # the next try takes as long as this one did
                return state.attempt_number >= tries or resumed + now - latest > min(self.silence, self.deadline)
            return state.attempt_number >= tries or resumed > self.deadline

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Transient),
            wait=self._pause,
            stop=over,
            sleep=self.sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        return retrying(timed)

    def asked(self, error: Transient) -> str:
        """What an error asks for and does not get."""
        if not error.pause:
            return ""
        return f"; it asks to wait {error.pause:,.0f} s, and we wait {self.deadline:g} s in all: run it again later"

    def _tell(self, state: tenacity.RetryCallState) -> None:
        if state.upcoming_sleep > TOLD and state.outcome:
            self.say(f"{state.outcome.exception()}; trying again in {state.upcoming_sleep:.0f} s")

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.pause if isinstance(error, Transient) else 0.0
        backoff = tenacity.wait_exponential_jitter(multiplier=self.first_pause, max=60, jitter=self.first_pause)(state)
        return max(asked, backoff)
