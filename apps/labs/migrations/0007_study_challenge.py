from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labs", "0006_run_challenge_run_film"),
    ]

    operations = [
        migrations.AddField(
            model_name="study",
            name="challenge",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
