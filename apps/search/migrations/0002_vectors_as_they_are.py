from django.db import migrations

STORAGE = "ALTER TABLE search_document ALTER COLUMN vector SET STORAGE"


class Migration(migrations.Migration):
    """A search reads the vectors of all that it finds: unpacking them again and again would be most of its work."""

    dependencies = [("search", "0001_documents")]

    operations = [migrations.RunSQL(f"{STORAGE} EXTERNAL", f"{STORAGE} EXTENDED")]
