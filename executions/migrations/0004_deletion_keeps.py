from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('executions', '0003_housekeeping_lease'),
    ]

    operations = [
        migrations.AddField(
            model_name='execution',
            name='kept',
            field=models.SmallIntegerField(db_default=0),
        ),
        migrations.AddIndex(
            model_name='execution',
            index=models.Index(condition=models.Q(('deleted', True)), fields=['tenant'], name='executions_execution_deleted'),
        ),
    ]
