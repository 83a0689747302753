from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labs", "0004_run_once_per_trial"),
    ]

    operations = [
        migrations.AddField(model_name="run", name="planned_s", field=models.FloatField(db_default=0, default=0)),
    ]
