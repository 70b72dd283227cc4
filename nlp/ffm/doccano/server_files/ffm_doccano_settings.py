"""Settings of a doccano for one machine: everything in one folder, and imports and exports done at once, without a worker."""

import os
from pathlib import Path

from config.settings.production import *  # type: ignore[import-not-found]  # noqa: F403
from config.settings.production import DATABASES, MIDDLEWARE, REST_FRAMEWORK

_DATA = Path(os.environ["DOCCANO_HOME"])

CELERY_TASK_ALWAYS_EAGER = os.environ.get("FFM_DOCCANO_TASKS", "at once") == "at once"
CELERY_TASK_STORE_EAGER_RESULT = True  # the client asks for the state of a task that is long done
CELERY_BROKER_URL = "memory://"
DJANGO_DRF_FILEPOND_UPLOAD_TMP = str(_DATA / "uploads")  # by default inside of the installed package
DJANGO_DRF_FILEPOND_ALLOW_EXTERNAL_UPLOAD_DIR = True
MEDIA_ROOT = DJANGO_DRF_FILEPOND_FILE_STORE_PATH = str(_DATA / "media")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATABASES["default"].setdefault("OPTIONS", {})["timeout"] = 30
REST_FRAMEWORK["PAGE_SIZE"] = 5  # doccano's own, which clients must cope with
MIDDLEWARE.insert(0, "ffm_doccano_headers.OwnOnly")
