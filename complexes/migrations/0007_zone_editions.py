from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('complexes', '0006_role_is_a_record'),
        # Which zones an edition covers legibly is read there.
        ('clusters', '0005_fill_editions_and_families'),
    ]

    operations = [
        migrations.RemoveField(model_name='historicalzone', name='legible_2016'),
        migrations.RemoveField(model_name='zone', name='legible_2016'),
    ]
