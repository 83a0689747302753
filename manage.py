#!/usr/bin/env python
"""Django's command line. `manage.py up` starts the whole site; `manage.py help` lists the rest."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # one line that names the variable, whatever the command
        sys.exit(f"{error}")
