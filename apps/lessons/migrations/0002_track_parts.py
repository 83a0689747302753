from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="track",
            name="parts",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
