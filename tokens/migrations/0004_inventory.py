"""Found credentials, places, grants, and how fresh what we know of them is."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


def fold_findings(apps, schema_editor):
    """One row per kind and credential: the newest stays, and remembers the older ones."""
    finding = apps.get_model("tokens", "Finding")
    newest = {}
    for row in finding.objects.order_by("-opened_at", "-pk"):
        kept = newest.setdefault((row.kind, row.credential_id), row)
        if kept.pk == row.pk:
            continue
        for at, what, words in ((row.opened_at, "opened", ""), (row.closed_at, "closed", row.closed_because)):
            if at is not None:
                kept.history.append({"at": at.isoformat(), "what": what, "words": words, "by": ""})
        kept.history.sort(key=lambda moment: moment["at"])
        kept.save(update_fields=["history"])
        row.delete()
    # Deferred checks of the deleted rows would keep PostgreSQL from changing the table in this transaction.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_people_users_and_outbox"),
        ("tokens", "0003_adviser_and_template_editing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circuit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("principal", models.CharField(max_length=200)),
                ("operation", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(max_length=300)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EffectiveRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("permission", models.CharField(max_length=20)),
                ("observed_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FindingAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("because", models.CharField(max_length=300)),
                ("until", models.DateField()),
                ("needs_second", models.BooleanField(default=False)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_because", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["-asked_at", "-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group_slug", models.CharField(blank=True, max_length=255)),
                ("group_name", models.CharField(blank=True, max_length=255)),
                ("permission", models.CharField(max_length=20)),
                ("first_seen_at", models.DateTimeField()),
                ("observed_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("members", "Members"),
                            ("projects", "Projects"),
                            ("repositories", "Repositories"),
                            ("organisation_tokens", "API tokens of the organisation"),
                            ("user_grants", "Grants of people"),
                            ("group_grants", "Grants of groups"),
                            ("deploy_keys", "Deploy keys"),
                        ],
                        max_length=20,
                    ),
                ),
                ("first_observed_at", models.DateTimeField(blank=True, null=True)),
                ("observed_at", models.DateTimeField(blank=True, null=True)),
                ("items", models.PositiveIntegerField(default=0)),
                ("requests", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=100)),
                ("name", models.CharField(blank=True, max_length=255)),
                ("first_seen_at", models.DateTimeField()),
                ("observed_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Repository",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.CharField(max_length=64)),
                ("slug", models.CharField(max_length=255)),
                ("full_name", models.CharField(max_length=512)),
                ("name", models.CharField(blank=True, max_length=255)),
                ("is_private", models.BooleanField(default=True)),
                ("first_seen_at", models.DateTimeField()),
                ("observed_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                ("secrets", models.JSONField(blank=True, default=dict)),
                ("secrets_observed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Sync",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    models.CharField(
                        choices=[("full", "Everything"), ("lists", "Members, projects, repositories and tokens")],
                        max_length=8,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ["-started_at", "-id"],
                "permissions": [("run_sync", "Can start an inventory run")],
                "default_permissions": (),
            },
        ),
        migrations.AlterModelOptions(
            name="finding",
            options={
                "ordering": ["-opened_at", "-id"],
                "permissions": [("handle_finding", "Can ask about, accept and act on findings")],
            },
        ),
        migrations.RemoveConstraint(
            model_name="finding",
            name="one_open_finding_per_kind",
        ),
        migrations.AddField(
            model_name="capability",
            name="facts",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="capability",
            name="workspace",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="credential",
            name="answer",
            field=models.CharField(
                blank=True,
                choices=[
                    ("uses", "I use it"),
                    ("not_bitbucket", "It is not for Bitbucket"),
                    ("delete", "Delete it"),
                    ("not_mine", "It is not mine"),
                ],
                max_length=14,
            ),
        ),
        migrations.AddField(
            model_name="credential",
            name="answer_words",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="credential",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="created_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="listed_scopes",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="scope_list",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="credential",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="credential",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="seen_by",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="credential",
            name="source",
            field=models.CharField(
                choices=[
                    ("paste", "Pasted and read back"),
                    ("listing", "Registered from the organisation's listing"),
                    ("sync", "Found by an inventory run"),
                    ("radar", "Found among the newest tokens"),
                ],
                default="paste",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="credential",
            name="standing",
            field=models.CharField(
                choices=[
                    ("approved", "Approved here"),
                    ("undeclared", "Not approved here"),
                    ("unknown_product", "Product not known"),
                    ("other_product", "Not for Bitbucket"),
                    ("own", "The portal's own"),
                ],
                default="approved",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="credential",
            name="workspace",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="accepted_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="action",
            field=models.CharField(
                choices=[
                    ("register", "Register it"),
                    ("ask_holder", "Ask the holder"),
                    ("revoke", "Revoke it"),
                    ("choose", "Choose the right entry"),
                    ("name_deputy", "Name a deputy"),
                    ("look", "Look at it"),
                ],
                default="look",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="history",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="finding",
            name="risk",
            field=models.CharField(default="medium", max_length=10),
        ),
        migrations.AddField(
            model_name="finding",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="request",
            name="adopts",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="adopted_by",
                to="tokens.credential",
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="create_page_seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="request",
            name="seen_entry",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="capability",
            name="level",
            field=models.CharField(
                choices=[
                    ("automatic", "Automatic"),
                    ("manual", "By hand"),
                    ("impossible", "Impossible here"),
                    ("unknown", "Not known yet"),
                ],
                default="unknown",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="capability",
            name="name",
            field=models.CharField(
                choices=[
                    ("list_tokens", "Read the organisation's API tokens"),
                    ("delete_tokens", "Delete one person's API token"),
                    ("count_reach", "Count the repositories a person reaches"),
                    ("listing_scopes", "See a token's scopes in the organisation's listing"),
                    ("read_members", "Read the workspace's members"),
                    ("read_projects", "Read the workspace's projects"),
                    ("read_repositories", "Read the workspace's repositories"),
                    ("read_user_grants", "Read explicit grants of people"),
                    ("read_group_grants", "Read explicit grants of groups"),
                    ("read_deploy_keys", "Read deploy keys"),
                    ("filter_by_person", "Ask for one person's effective rights"),
                    ("workspace_token_reads", "Read more an hour with a workspace access token"),
                    ("remove_grants", "Remove explicit grants"),
                    ("delete_deploy_keys", "Delete deploy keys"),
                    ("switch_accounts_off", "Switch a managed account off"),
                    ("suspend_accounts", "Suspend an account in the organisation's directory"),
                    ("read_events", "Read the organisation's events"),
                    ("manage_members", "Take a seat in the workspace away"),
                    ("claim_domain", "Manage the accounts of everybody in the workspace"),
                    ("read_ssh_keys", "Read people's SSH keys"),
                    ("list_access_tokens", "List access tokens of repositories, projects and workspaces"),
                    ("list_grants_of_apps", "List OAuth grants and consumers"),
                    ("ip_allowlist", "Reach Bitbucket from here in spite of an IP allowlist"),
                    ("plan", "Know the workspace's plan"),
                    ("bot_tokens", "Know when the bots' own tokens end"),
                ],
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="credential",
            name="expires_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="credential",
            name="fingerprint",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name="credential",
            name="holder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="accounts.person",
            ),
        ),
        migrations.AlterField(
            model_name="credential",
            name="name",
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name="credential",
            name="request",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="tokens.request",
            ),
        ),
        migrations.AlterField(
            model_name="credential",
            name="verification_outcome",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AlterField(
            model_name="finding",
            name="kind",
            field=models.CharField(
                choices=[
                    ("undeclared", "Not approved here"),
                    ("gone", "Gone, not by us"),
                    ("excess", "Broader than approved"),
                    ("overdue", "Alive past its end"),
                    ("idle", "Not used for long"),
                    ("orphaned", "Its holder left"),
                    ("no_deputy", "A machine's, without a deputy"),
                    ("refused_alive", "Refused, still alive"),
                    ("ambiguous", "Two entries carry one code"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="accounts.person",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["opened_at", "id"], name="finding_open_by_age"
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["person"], name="finding_open_of_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="capability",
            constraint=models.UniqueConstraint(
                fields=("name", "workspace"), name="one_row_per_capability", nulls_distinct=False
            ),
        ),
        migrations.RunPython(fold_findings, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(fields=("kind", "credential"), name="one_finding_per_kind"),
        ),
        migrations.AddConstraint(
            model_name="circuit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("principal", "operation"), name="one_open_circuit"
            ),
        ),
        migrations.AddField(
            model_name="effectiveright",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="effective_rights", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="findingacceptance",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="findingacceptance",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.person",
            ),
        ),
        migrations.AddField(
            model_name="findingacceptance",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="tokens.finding"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="accounts.person",
            ),
        ),
        migrations.AddField(
            model_name="part",
            name="workspace",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="projects", to="accounts.workspace"
            ),
        ),
        migrations.AddField(
            model_name="part",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="tokens.project",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="tokens.project",
            ),
        ),
        migrations.AddField(
            model_name="credential",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="tokens.project",
            ),
        ),
        migrations.AddField(
            model_name="repository",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="repositories",
                to="tokens.project",
            ),
        ),
        migrations.AddField(
            model_name="repository",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="repositories", to="accounts.workspace"
            ),
        ),
        migrations.AddField(
            model_name="part",
            name="repository",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="tokens.repository",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="repository",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="tokens.repository",
            ),
        ),
        migrations.AddField(
            model_name="effectiveright",
            name="repository",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="effective_rights", to="tokens.repository"
            ),
        ),
        migrations.AddField(
            model_name="credential",
            name="repository",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="tokens.repository",
            ),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(fields=["standing", "state"], name="credential_standing_state"),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(fields=["repository"], name="credential_repository"),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=django.contrib.postgres.indexes.GinIndex(fields=["scope_list"], name="credential_scopes"),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search_text"], name="credential_search", opclasses=["gin_trgm_ops"]),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("standing", "approved"), _negated=True),
                    models.Q(("holder__isnull", False), ("request__isnull", False)),
                    _connector="OR",
                ),
                name="approved_credential_has_request_and_holder",
            ),
        ),
        migrations.AddField(
            model_name="sync",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.person",
            ),
        ),
        migrations.AddField(
            model_name="part",
            name="sync",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="parts",
                to="tokens.sync",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingacceptance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("finding",), name="one_acceptance_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="findingacceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="accepted_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.UniqueConstraint(fields=("workspace", "uuid"), name="one_row_per_project"),
        ),
        migrations.AddIndex(
            model_name="repository",
            index=models.Index(fields=["full_name"], name="repository_full_name"),
        ),
        migrations.AddConstraint(
            model_name="repository",
            constraint=models.UniqueConstraint(fields=("workspace", "uuid"), name="one_row_per_repository"),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(condition=models.Q(("gone_at", None)), fields=["person"], name="grant_of_person"),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(condition=models.Q(("gone_at", None)), fields=["group_slug"], name="grant_of_group"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("project__isnull", False), ("repository__isnull", True)),
                    models.Q(("project__isnull", True), ("repository__isnull", False)),
                    _connector="OR",
                ),
                name="grant_is_on_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", False), ("group_slug", "")),
                    models.Q(("person__isnull", True), models.Q(("group_slug", ""), _negated=True)),
                    _connector="OR",
                ),
                name="grant_is_of_person_or_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gone_at", None)),
                fields=("repository", "project", "person", "group_slug"),
                name="one_living_grant_per_place_and_subject",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="effectiveright",
            constraint=models.UniqueConstraint(fields=("person", "repository"), name="one_right_per_repository"),
        ),
        migrations.AddConstraint(
            model_name="sync",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at", None)), fields=("mode",), name="one_running_sync_per_mode"
            ),
        ),
        migrations.AddIndex(
            model_name="part",
            index=models.Index(
                condition=models.Q(("asked_at", None), ("retired_at", None)),
                fields=["observed_at"],
                name="part_oldest_first",
            ),
        ),
        migrations.AddIndex(
            model_name="part",
            index=models.Index(
                condition=models.Q(("asked_at__isnull", False)), fields=["sync"], name="part_open_of_sync"
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.UniqueConstraint(
                fields=("kind", "workspace", "repository", "project"), name="one_part_per_place", nulls_distinct=False
            ),
        ),
    ]
