from django.db import migrations

from rest.row_security import CreateAppRole


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [CreateAppRole()]
