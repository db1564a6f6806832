"""What gunicorn and `flask --app wsgi` load: the application, from the environment."""

import sys

from portal.app import create_app
from portal.config import Settings
from portal.errors import Misconfigured

try:
    app = create_app(Settings.from_environment())
except Misconfigured as error:
    sys.exit(error.message)
