"""A made-up programme to look at: 43 labs that do not exist, three years of what they did. Never mixed with real records."""

from tsunagu.sharing.viewer import Role, Viewer

# Every made-up name carries it.
MARK = "（架空）"
SEED = 2025
STAFF = Viewer(roles=frozenset({Role.IPA}), display_name="見本の事務局")
