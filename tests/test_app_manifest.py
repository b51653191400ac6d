"""The GitHub App's manifest asks for what the bot uses, and for nothing else."""

from pathlib import Path
from typing import Literal

import msgspec
import pytest

from bot.github.auth import Access

MANIFEST = Path(__file__).parents[1] / "app.yaml"

LEVELS = ["read", "write"]

# GitHub: "Webhook events and payloads", each event's "at least read-level access for ...".
# A manifest whose events are not covered is refused.
PERMISSION_FOR_EVENT = {
    "pull_request": "pull_requests",
    "check_run": "checks",
    "check_suite": "checks",
    "issue_comment": "issues",
    "pull_request_review": "pull_requests",
    "pull_request_review_comment": "pull_requests",
    "merge_group": "merge_queues",
    "push": "contents",
}
ALWAYS_DELIVERED = {"installation", "installation_repositories", "github_app_authorization"}


class HookAttributes(msgspec.Struct, forbid_unknown_fields=True):
    url: str
    active: bool


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """The fields of "Registering a GitHub App from a manifest" that are in use."""

    name: str
    url: str
    description: str
    public: bool
    hook_attributes: HookAttributes
    default_permissions: dict[str, Literal["read", "write"]]
    default_events: list[str]


@pytest.fixture
def manifest() -> Manifest:
    return msgspec.yaml.decode(MANIFEST.read_bytes(), type=Manifest)


def test_every_event_has_the_permission_that_it_needs(manifest: Manifest) -> None:
    for event in manifest.default_events:
        assert PERMISSION_FOR_EVENT[event] in manifest.default_permissions, event


def test_every_event_that_the_bot_lives_on_is_listed_once(manifest: Manifest) -> None:
    assert sorted(manifest.default_events) == sorted(PERMISSION_FOR_EVENT)
    assert not ALWAYS_DELIVERED & set(manifest.default_events)


@pytest.mark.parametrize("access", Access)
def test_no_token_asks_for_more_than_the_manifest_grants(
    manifest: Manifest, access: Access
) -> None:
    for name, level in access.permissions.items():
        granted = manifest.default_permissions[name]
        assert LEVELS.index(level) <= LEVELS.index(granted), name


def test_the_app_can_become_the_expected_source_of_a_required_check(manifest: Manifest) -> None:
    assert manifest.default_permissions["statuses"] == "write"
    assert manifest.default_permissions["checks"] == "write"


def test_only_what_is_needed_is_asked_for(manifest: Manifest) -> None:
    used = {name for access in Access for name in access.permissions}
    needed = used | set(PERMISSION_FOR_EVENT.values()) | {"statuses"}

    assert set(manifest.default_permissions) == needed


def test_the_hook_points_at_the_webhook_and_works_over_https(manifest: Manifest) -> None:
    assert manifest.hook_attributes.active
    assert manifest.hook_attributes.url.startswith("https://")
    assert manifest.hook_attributes.url.endswith("/webhook")
