from django.db import migrations, models


class Migration(migrations.Migration):
    # Older code never sets these columns, so it cannot break the rule.
    dependencies = [
        ("labs", "0003_run_in_study"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(fields=("study", "position", "trial"), name="run_once_per_trial"),
        ),
    ]
