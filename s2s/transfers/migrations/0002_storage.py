"""How PostgreSQL keeps what lies in these tables.

Encrypted bytes cannot be compressed, so it does not try. A delivery changes its state some times in its life: with room on its page the
new version stands beside the old one, and no index is touched.
"""

from django.db import migrations

STORE = """
ALTER TABLE transfers_content ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE transfers_uploadbatch ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE transfers_delivery SET (fillfactor = 80);
ALTER TABLE transfers_transfer SET (fillfactor = 90);
"""
BACK = """
ALTER TABLE transfers_content ALTER COLUMN sealed SET STORAGE EXTENDED;
ALTER TABLE transfers_uploadbatch ALTER COLUMN sealed SET STORAGE EXTENDED;
ALTER TABLE transfers_delivery RESET (fillfactor);
ALTER TABLE transfers_transfer RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("transfers", "0001_initial")]

    operations = [migrations.RunSQL(STORE, BACK)]
