import rest.fields
from django.db import migrations, models

from rest.row_security import EnableRowLevelSecurity


class Migration(migrations.Migration):

    initial = True

    dependencies = [("rest", "0001_app_role")]

    operations = [
        migrations.CreateModel(
            name='Tenant',
            fields=[
                ('id', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=250)),
                ('require_existing_namespace', models.BooleanField(default=False)),
                ('storage_type', models.CharField(blank=True, default='', max_length=100)),
                ('storage_configuration', rest.fields.JsonTextField(null=True)),
                ('secret_type', models.CharField(blank=True, default='', max_length=100)),
                ('secret_configuration', rest.fields.JsonTextField(null=True)),
                ('settings', rest.fields.JsonTextField(default=dict)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('updated', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='FileRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant', models.CharField(editable=False, max_length=100)),
                ('namespace', models.CharField(max_length=150)),
                ('path', models.TextField()),
                ('path_digest', models.CharField(editable=False, max_length=32)),
                ('revision', models.PositiveIntegerField()),
                ('size', models.BigIntegerField()),
                ('author', models.CharField(blank=True, default='', max_length=250)),
                ('created', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('revision',),
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'namespace', 'path_digest', 'revision'), name='revision_of_file')],
            },
        ),
        migrations.CreateModel(
            name='KeyValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant', models.CharField(editable=False, max_length=100)),
                ('namespace', models.CharField(max_length=150)),
                ('key', models.CharField(max_length=256)),
                ('type', models.CharField(choices=[('STRING', 'String'), ('NUMBER', 'Number'), ('BOOLEAN', 'Boolean'), ('DATETIME', 'Datetime'), ('DATE', 'Date'), ('DURATION', 'Duration'), ('JSON', 'Json')], max_length=10)),
                ('text', models.TextField()),
                ('description', models.TextField(blank=True, default='')),
                ('expiration', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('created', models.DateTimeField()),
                ('updated', models.DateTimeField()),
            ],
            options={
                'ordering': ('namespace', 'key'),
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('expiration__isnull', False)), fields=['expiration'], name='key_expiration')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'namespace', 'key'), name='key_of_namespace')],
            },
        ),
        migrations.CreateModel(
            name='Namespace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant', models.CharField(editable=False, max_length=100)),
                ('name', models.CharField(max_length=150)),
                ('is_declared', models.BooleanField(default=True)),
                ('description', models.TextField(blank=True, default='')),
                ('variables', rest.fields.JsonTextField(null=True)),
                ('plugin_defaults', rest.fields.JsonTextField(null=True)),
                ('allowed_namespaces', rest.fields.JsonTextField(default=list)),
                ('storage_type', models.CharField(blank=True, default='', max_length=100)),
                ('storage_configuration', rest.fields.JsonTextField(null=True)),
                ('secret_type', models.CharField(blank=True, default='', max_length=100)),
                ('secret_configuration', rest.fields.JsonTextField(null=True)),
                ('settings', rest.fields.JsonTextField(default=dict)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('updated', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ('name',),
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'name'), name='namespace_of_tenant')],
            },
        ),
        EnableRowLevelSecurity("tenants_namespace"),
        EnableRowLevelSecurity("tenants_keyvalue"),
        EnableRowLevelSecurity("tenants_filerevision"),
    ]
