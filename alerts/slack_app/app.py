"""One request of Slack from its arrival to its answers: admitted once, worked on after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts.channels.slack_answers import SlackAnswers
from alerts.digests.answers import Answer
from alerts.digests.mrkdwn import escaped
from alerts.digests.words import DEFAULT_LANGUAGE, Said
from alerts.slack_app.clicks import clicked
from alerts.slack_app.commands import said
from alerts.slack_app.entering import Desk, detected_alone
from alerts.slack_app.requests import Click, Command, hashed, key_of, read
from alerts.slack_app.words import slack_words, words_here
from alerts.wiring import AlertParts
from crawler.errors import ClusterwatchError
from crawler.logs import event
from crawler.storage.seen_requests import SeenStore

if TYPE_CHECKING:
    from crawler.extract.detection import Detection

NEW, SEEN, REPLAYED = "new", "seen", "replayed"
_BROKEN = Said("That did not work; the cause stands in the log of whoever runs Clusterwatch.")
_log = logging.getLogger(__name__)


class SlackApp:
    """What happens behind the acknowledgement; the same for HTTP and Socket Mode."""

    def __init__(
        self,
        parts: AlertParts,
        clock: Callable[[], datetime],
        *,
        detect: Callable[[str], Detection] | None = None,
    ) -> None:
        """``detect`` looks at a page with the crawl that runs already; else one is started."""
        self._parts = parts
        self._detect = detect or (lambda url: detected_alone(parts.crawler, url))
        self._clock = clock
        self._seen = SeenStore(parts.crawler.database)
        settings = parts.settings
        self._answers = SlackAnswers(
            settings.secrets.slack_bot_token.get_secret_value(),
            settings.slack.base_url,
            int(settings.slack.timeout.total_seconds()),
        )

    def admit(self, kind: str, payload: Mapping[str, Any], signature: str = "") -> str:
        """NEW once for what is new; REPLAYED where the very request came before, SEEN where
        Slack told of the same click, command or event before."""
        now = self._clock()
        if signature and not self._seen.take(hashed(signature), now):
            return REPLAYED
        key = key_of(kind, payload)
        return NEW if key and self._seen.take(key, now) else SEEN

    def work(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Do what is asked for and answer; nothing is raised, nobody waits for it."""
        asked = read(kind, payload)
        if asked is None:
            return
        for answer in self._done(asked):
            self._answers.send(
                answer,
                response_url=asked.origin.response_url,
                channel=asked.origin.channel,
                user=asked.origin.user,
            )

    def _done(self, asked: Click | Command) -> list[Answer]:
        name = asked.what if isinstance(asked, Click) else "command"
        words = slack_words(DEFAULT_LANGUAGE)
        try:
            now, words = self._clock(), words_here(self._parts, asked.origin)
            if isinstance(asked, Click):
                answers = clicked(self._parts, asked, now)
            else:
                answers = said(Desk(self._parts, now, self._detect, words), asked)
        except ClusterwatchError as error:
            event(_log, logging.INFO, "slack.refused", what=name, reason=error.message)
            lines = (words.told(line) for line in (error.message, error.remedy) if line)
            return [Answer("\n".join(escaped(line) for line in lines))]
        except Exception:
            _log.exception("slack.broken what=%s", name)
            return [Answer(escaped(words.told(_BROKEN)))]
        event(_log, logging.INFO, "slack.done", what=name, user=asked.origin.user)
        return answers
