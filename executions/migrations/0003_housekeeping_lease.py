from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("executions", "0002_bus_message"),
    ]

    operations = [
        migrations.CreateModel(
            name="HousekeepingLease",
            fields=[
                ("name", models.CharField(max_length=256, primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=256)),
                ("lease_until", models.DateTimeField()),
            ],
        ),
    ]
