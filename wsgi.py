"""What a WSGI server serves: granian --interface wsgi wsgi:app."""

from portal import create_app
from portal.core import jobs, worker

worker.install()
app = create_app()
jobs.start(app)
