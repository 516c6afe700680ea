import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complexes', '0005_fill_role'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='designation',
            name='one_designation_per_complex_and_role',
        ),
        migrations.AlterModelOptions(
            name='designation',
            options={'ordering': ['year', 'role__slug'], 'verbose_name': 'designation', 'verbose_name_plural': 'designations'},
        ),
        migrations.RemoveField(model_name='designation', name='role'),
        migrations.RemoveField(model_name='historicaldesignation', name='role'),
        migrations.RenameField(model_name='designation', old_name='role_record', new_name='role'),
        migrations.RenameField(model_name='historicaldesignation', old_name='role_record', new_name='role'),
        migrations.AlterField(
            model_name='designation',
            name='role',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='designations', to='complexes.role', verbose_name='role'),
        ),
        migrations.AddConstraint(
            model_name='designation',
            constraint=models.UniqueConstraint(fields=('complex', 'role'), name='one_designation_per_complex_and_role'),
        ),
    ]
