"""Caseapp from a checkout: `python3 app.py` sets up and serves, `python3 app.py test` runs the tests.

Imported, this offers `app`, a WSGI application with the settings of the environment: `gunicorn app:app`.
"""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.stderr.write(
            "Caseapp needs Python 3.11 or newer; this is Python " + sys.version.split()[0] + ".\n"
        )
        sys.exit(2)
    import bootstrap

    bootstrap.main(sys.argv[1:])
else:
    from caseapp import logs
    from caseapp.config import Settings
    from caseapp.practices import open_app
    from caseapp.sealing import Sealing

    settings = Settings.from_env()
    logs.set_up(settings.log_level)
    app = open_app(settings)
    Sealing(lambda: app).start()
