"""A WebSub hub, as the tests start it: ``python hub.py PORT DATABASE``. It delivers each feed to who subscribed."""

from __future__ import annotations

import sys

from celery import Celery
from flask import Flask
from flask_websub.hub import Hub, SQLite3HubStorage


def main(port: int, database: str) -> None:
    """Listen at http://127.0.0.1:PORT/hub; all is done at once, in this process."""
    app, tasks = Flask("hub"), Celery("hub")
    app.config["PUBLISH_SUPPORTED"] = True
    tasks.conf.update(task_always_eager=True, broker_url="memory://")
    settings = {"REQUEST_TIMEOUT": 3, "MAX_ATTEMPTS": 2, "BACKOFF_BASE": 0.1, "SIGNATURE_ALGORITHM": "sha256"}
    hub = Hub(SQLite3HubStorage(database), tasks, **settings)
    app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
    app.run("127.0.0.1", port, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
