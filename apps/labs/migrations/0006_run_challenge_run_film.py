from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labs", "0005_run_planned_s"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="challenge",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(model_name="run", name="film", field=models.JSONField(null=True)),
    ]
