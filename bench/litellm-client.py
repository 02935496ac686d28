"""Runs the management client of LiteLLM's own Python package against a Quartermaster that is up.

    python3 -m venv venv && venv/bin/pip install 'litellm[proxy]'
    venv/bin/python bench/litellm-client.py http://127.0.0.1:4000 ADMIN_KEY

Says for each call whether the client was content with the answer; ends with 1 where it was not.
"""

import os
import sys

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

from litellm.proxy.client import Client
from litellm.proxy.client.health import HealthManagementClient
from litellm.proxy.client.users import UsersManagementClient

url, key = sys.argv[1], sys.argv[2]
client = Client(base_url=url, api_key=key)
users = UsersManagementClient(base_url=url, api_key=key)
health = HealthManagementClient(base_url=url, api_key=key)
made = {}
upstream = {"model": "openai/gpt-4o", "api_key": "sk-upstream-0123456789"}
named = {"model": "gemini/gemini-2.5-flash", "litellm_credential_name": "conformance"}


def post(path, body):
    return client.http.request("POST", path, json=body)


STEPS = [
    ("health.get_readiness", lambda: health.get_readiness()),
    ("http /team/new", lambda: post("/team/new", {"team_id": "conformance"})),
    ("teams.list", lambda: client.teams.list()),
    ("teams.list_v2", lambda: client.teams.list_v2(page=1, page_size=5)),
    ("teams.get_available", lambda: client.teams.get_available()),
    (
        "keys.generate",
        lambda: made.update(client.keys.generate(team_id="conformance", duration="1d")),
    ),
    ("keys.list", lambda: client.keys.list(page=1, size=5, return_full_object=True)),
    ("keys.info", lambda: client.keys.info(made["key"])),
    ("keys.update", lambda: client.keys.update(made["key"], key_alias="conformance")),
    ("models.list", lambda: client.models.list()),
    ("models.list, by a virtual key", lambda: Client(url, made["key"]).models.list()),
    ("model_groups.info, by a virtual key", lambda: Client(url, made["key"]).model_groups.info()),
    ("keys.delete", lambda: client.keys.delete(keys=[made["key"]])),
    ("users.create_user", lambda: users.create_user({"user_id": "conformance"})),
    ("users.list_users", lambda: users.list_users()),
    ("users.get_user", lambda: users.get_user("conformance")),
    ("users.get_user_v2", lambda: users.get_user_v2("conformance")),
    ("users.get_user, nobody named", lambda: users.get_user()),
    ("users.delete_user", lambda: users.delete_user(["conformance"])),
    ("models.new", lambda: client.models.new("conformance", upstream)),
    ("models.info", lambda: client.models.info()),
    ("models.get", lambda: client.models.get(model_id="conformance")),
    ("models.update", lambda: client.models.update("conformance", upstream)),
    ("models.delete", lambda: client.models.delete("conformance")),
    ("model_groups.info", lambda: client.model_groups.info()),
    (
        "credentials.create",
        lambda: client.credentials.create(
            "conformance", {"custom_llm_provider": "gemini"}, {"api_key": upstream["api_key"]}
        ),
    ),
    ("credentials.list", lambda: client.credentials.list()),
    ("credentials.get", lambda: client.credentials.get("conformance")),
    (
        "credentials.update_display_name",
        lambda: client.credentials.update_display_name("conformance", "Conformance"),
    ),
    ("models.new, by a credential", lambda: client.models.new("conformance-named", named)),
    ("models.delete, by a credential", lambda: client.models.delete("conformance-named")),
    ("credentials.delete", lambda: client.credentials.delete("conformance")),
    ("http /team/delete", lambda: post("/team/delete", {"team_ids": ["conformance"]})),
]

failures = 0
for name, step in STEPS:
    try:
        step()
        print(f"ok    {name}")
    except Exception as error:
        failures += 1
        print(f"FAIL  {name}: {type(error).__name__}: {error}")
print(f"{len(STEPS) - failures} of {len(STEPS)}")
sys.exit(1 if failures else 0)
