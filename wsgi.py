"""What gunicorn and `flask --app wsgi` load: the application, from the environment.

Without its settings there is no site, but the commands that need none: whoever runs a witness or
makes the first keys has no settings.
"""

import sys

import click

from portal.app import create_app, create_tools
from portal.config import Settings
from portal.errors import Misconfigured

try:
    app = create_app(Settings.from_environment(), own_witness=True)
except Misconfigured as error:
    if click.get_current_context(silent=True) is None:
        sys.exit(error.message)
    app = create_tools(error.message)
