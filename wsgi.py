"""What a WSGI server serves: granian --interface wsgi wsgi:app."""

from portal import create_app
from portal.core import downloads, jobs

downloads.install()
app = create_app()
jobs.start(app)
