"""Every public table, in the order of the catalogue."""

from tsunagu.api.tables import case_library, co_lead, doings, experts, numbers, places, programme, register
from tsunagu.api.tables.base import Table

TABLES: tuple[Table, ...] = (
    *register.TABLES,
    *case_library.TABLES,
    *doings.TABLES,
    *experts.TABLES,
    *numbers.TABLES,
    *programme.TABLES,
    *co_lead.TABLES,
    *places.TABLES,
)
BY_KEY = {one.key: one for one in TABLES}
