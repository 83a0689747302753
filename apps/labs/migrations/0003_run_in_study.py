import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labs", "0002_study"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="study",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="runs",
                to="labs.study",
            ),
        ),
        migrations.AddField(model_name="run", name="position", field=models.PositiveSmallIntegerField(null=True)),
        migrations.AddField(model_name="run", name="trial", field=models.PositiveSmallIntegerField(null=True)),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("position__isnull", True), ("study__isnull", True), ("trial__isnull", True)),
                    models.Q(("position__isnull", False), ("study__isnull", False), ("trial__isnull", False)),
                    _connector="OR",
                ),
                name="run_place_in_study",
            ),
        ),
    ]
