import django.db.models.deletion
import rest.fields
from django.db import migrations, models

from rest.row_security import EnableRowLevelSecurity


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('rest', '0001_app_role'),
    ]

    operations = [
        migrations.CreateModel(
            name='FlowLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant', models.CharField(editable=False, max_length=100)),
                ('namespace', models.CharField(max_length=150)),
                ('flow_id', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('FLOW_TASK', 'Flow Task'), ('FLOW_TRIGGER', 'Flow Trigger')], max_length=20)),
                ('other_namespace', models.CharField(max_length=150)),
                ('other_flow_id', models.CharField(max_length=100)),
            ],
            options={
                'ordering': ('id',),
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'other_namespace', 'other_flow_id'], name='flow_link_other')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'namespace', 'flow_id', 'kind', 'other_namespace', 'other_flow_id'), name='link_of_flow')],
            },
        ),
        migrations.CreateModel(
            name='FlowRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant', models.CharField(editable=False, max_length=100)),
                ('namespace', models.CharField(max_length=150)),
                ('flow_id', models.CharField(max_length=100)),
                ('revision', models.PositiveIntegerField()),
                ('source', models.TextField()),
                ('definition', rest.fields.JsonTextField()),
                ('is_deleted', models.BooleanField(default=False)),
                ('created', models.DateTimeField()),
                ('created_by', models.CharField(blank=True, default='', max_length=250)),
            ],
            options={
                'ordering': ('revision',),
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'namespace', 'flow_id', 'revision'), name='revision_of_flow')],
            },
        ),
        migrations.CreateModel(
            name='FlowTrigger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant', models.CharField(editable=False, max_length=100)),
                ('namespace', models.CharField(max_length=150)),
                ('flow_id', models.CharField(max_length=100)),
                ('trigger_id', models.CharField(max_length=256)),
                ('type', models.CharField(max_length=250)),
                ('flow_revision', models.PositiveIntegerField()),
                ('is_disabled', models.BooleanField(default=False)),
                ('created', models.DateTimeField()),
            ],
            options={
                'ordering': ('namespace', 'flow_id', 'trigger_id'),
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'type'], name='flow_trigger_type')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'namespace', 'flow_id', 'trigger_id'), name='trigger_of_flow')],
            },
        ),
        migrations.CreateModel(
            name='Flow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant', models.CharField(editable=False, max_length=100)),
                ('namespace', models.CharField(max_length=150)),
                ('flow_id', models.CharField(max_length=100)),
                ('revision', models.PositiveIntegerField()),
                ('description', models.TextField(blank=True, default='')),
                ('labels', models.JSONField(default=dict)),
                ('is_disabled', models.BooleanField(default=False)),
                ('is_deleted', models.BooleanField(default=False)),
                ('task_count', models.PositiveIntegerField(default=0)),
                ('trigger_count', models.PositiveIntegerField(default=0)),
                ('created', models.DateTimeField()),
                ('updated', models.DateTimeField()),
                ('current', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='flows.flowrevision')),
            ],
            options={
                'ordering': ('namespace', 'flow_id'),
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'namespace', 'flow_id'), name='flow_of_namespace')],
            },
        ),
        EnableRowLevelSecurity('flows_flowrevision'),
        EnableRowLevelSecurity('flows_flow'),
        EnableRowLevelSecurity('flows_flowtrigger'),
        EnableRowLevelSecurity('flows_flowlink'),
    ]
