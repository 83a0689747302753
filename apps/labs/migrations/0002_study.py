import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import apps.labs.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("labs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Study",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=apps.labs.models.new_run_id,
                        editable=False,
                        max_length=16,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("lab", models.CharField(max_length=60)),
                ("preset", models.CharField(blank=True, max_length=60)),
                ("params", models.JSONField()),
                ("param", models.CharField(blank=True, max_length=60)),
                ("values", models.JSONField(default=list)),
                ("trials", models.PositiveSmallIntegerField()),
                ("seed", models.PositiveIntegerField()),
                ("guess", models.JSONField(null=True)),
                ("idempotency_key", models.UUIDField()),
                ("address_hash", models.CharField(max_length=32)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stop_requested_at", models.DateTimeField(null=True)),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="studies", to="accounts.learner"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "studies",
                "indexes": [
                    models.Index(fields=["learner", "-created_at"], name="study_by_learner"),
                    models.Index(fields=["address_hash", "-created_at"], name="study_by_address"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("learner", "idempotency_key"), name="study_once_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("param", ""), ("values", [])),
                            models.Q(models.Q(("param", ""), _negated=True), models.Q(("values", []), _negated=True)),
                            _connector="OR",
                        ),
                        name="study_param_has_values",
                    ),
                    models.CheckConstraint(condition=models.Q(("trials__gte", 1)), name="study_has_trials"),
                ],
            },
        ),
    ]
