"""Makes users, or gives them new passwords: ``[{"name": ..., "password": ..., "admin": true}]`` on standard input."""

import json
import sys

import django  # type: ignore[import-not-found]

django.setup()

from django.contrib.auth import get_user_model  # type: ignore[import-not-found]  # noqa: E402

for _account in json.load(sys.stdin):
    _user, _ = get_user_model().objects.get_or_create(username=_account["name"])
    _user.is_staff = _user.is_superuser = _account["admin"]
    _user.set_password(_account["password"])
    _user.save()
