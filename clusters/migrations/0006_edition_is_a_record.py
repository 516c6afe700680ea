import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clusters', '0005_fill_editions_and_families'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='minicluster', name='one_number_per_edition'),
        migrations.AlterModelOptions(
            name='minicluster',
            options={'ordering': ['edition', 'number'], 'verbose_name': 'mini cluster', 'verbose_name_plural': 'mini clusters'},
        ),
        migrations.RemoveField(model_name='minicluster', name='edition'),
        migrations.RemoveField(model_name='historicalminicluster', name='edition'),
        migrations.RenameField(model_name='minicluster', old_name='edition_record', new_name='edition'),
        migrations.RenameField(model_name='historicalminicluster', old_name='edition_record', new_name='edition'),
        migrations.AlterField(
            model_name='minicluster',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mini_clusters', to='clusters.edition', verbose_name='edition'),
        ),
        migrations.AddConstraint(
            model_name='minicluster',
            constraint=models.UniqueConstraint(fields=('edition', 'number'), name='one_number_per_edition'),
        ),
    ]
