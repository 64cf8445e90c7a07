"""The defaults. An installation overrides them in instance/config.py; DATABASE_URL, HOST and PORT also by environment."""

DATABASE_URL = ""
"""SQLAlchemy URL, for instance postgresql+psycopg://user@host/name. Empty: SQLite in the instance folder."""

HOSTS: tuple[str, ...] = ()
"""Names under which the site may be asked for, besides localhost and the address it listens on. Others get 400."""

SITE_URL = ""
"""Scheme and host for absolute addresses (feeds, site map). Empty: those of the request."""

SECURE = False
"""True once the site is served over HTTPS: cookies get the __Host- prefix and browsers are told to insist (HSTS)."""

TRUSTED_PROXIES: tuple[str, ...] = ()
"""Addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed."""

TIME_ZONE = "Asia/Ho_Chi_Minh"
"""The zone in which days begin and times are printed."""

THREADS = 4
"""Threads that answer requests in one process (docs/decisions/0006-server.md)."""

PROCESSES = 2
"""Processes that answer requests; one for each core. On SQLite one more commits for all of them."""

PAGE_CACHE_BYTES = 32 * 1024 * 1024
"""Memory for finished pages, in bytes. 0 switches the page cache off."""

MAX_BODY_BYTES = 64 * 1024
"""The largest body that a public form may send."""

BROWSER_COOKIE_DAYS = 365
"""How long a browser remembers that it has voted, in days."""

CLAMAV_SOCKET = ""
"""Where ClamAV's clamd listens: a socket's path, or host:port. Empty: files are not shown to a scanner."""

SMTP_URL = ""
"""The server that takes e-mail: smtps://user:password@host:465, or smtp:// for STARTTLS (port 587). Empty: nothing is sent."""

MAIL_FROM = ""
"""The address from which e-mail is sent."""

BACKUP_FOLDER = ""
"""Where archives of the whole site are kept, best on another disk. Empty: backups/ in the instance folder."""

BACKUPS_KEPT = 7
"""How many nightly archives are kept. 0: none are made."""
