from django.db import migrations, models

from executions.store.migration_operations import RunPostgreSQL


class Migration(migrations.Migration):
    dependencies = [
        ("executions", "0001_engine_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="BusMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("shard", models.SmallIntegerField()),
                ("body", models.BinaryField()),
                ("taken_by", models.CharField(max_length=256, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["shard", "id"], name="executions_busmessage_shard")
                ],
            },
        ),
        RunPostgreSQL(
            "ALTER TABLE executions_busmessage SET UNLOGGED",
            "ALTER TABLE executions_busmessage SET LOGGED",
        ),
        RunPostgreSQL(
            "ALTER TABLE executions_busmessage SET (autovacuum_vacuum_scale_factor = 0,"
            " autovacuum_vacuum_threshold = 500, autovacuum_analyze_threshold = 500)",
            RunPostgreSQL.noop,
        ),
    ]
