"""One writer at a time in a community: numbers are counted and threads woven without anybody in between.

Other communities go on; so do readers. Called by what counts or weaves in `store/`.
"""

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import community


def take(conn: Connection, community_id: int) -> str:
    """Wait for the turn, and hold it until the transaction ends; the community's language.

    On SQLite a transaction that writes has the turn already.
    """
    query = sa.select(community.c.language).where(community.c.id == community_id)
    return str(conn.scalars(query.with_for_update(key_share=True)).one())
