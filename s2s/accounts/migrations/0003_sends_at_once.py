
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_files_from'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='sends_at_once',
            field=models.BooleanField(default=False, help_text='uploads without the page that shows first what would be sent'),
        ),
    ]
