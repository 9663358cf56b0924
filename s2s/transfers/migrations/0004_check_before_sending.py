
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('transfers', '0003_delivery_fetched_and_not_confirmed'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckedUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.UUIDField(unique=True)),
                ('person', models.CharField(db_index=True, max_length=40)),
                ('place', models.CharField(max_length=7)),
                ('session', models.CharField(help_text='SHA-256 of the name of the session in which it was checked', max_length=64)),
                ('kind', models.CharField(max_length=12)),
                ('made_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('digest', models.BinaryField(max_length=32)),
                ('sealed', models.BinaryField(help_text='JSON, encrypted: it names pupils')),
                ('key', models.CharField(max_length=80)),
                ('mac', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='CheckedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('size', models.PositiveIntegerField(help_text='bytes')),
                ('digest', models.BinaryField(max_length=32)),
                ('sealed', models.BinaryField()),
                ('key', models.CharField(max_length=80)),
                ('mac', models.BinaryField(max_length=32)),
                ('upload', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='transfers.checkedupload')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('upload', 'number'), name='one_checked_file_to_a_number')],
            },
        ),
    ]
