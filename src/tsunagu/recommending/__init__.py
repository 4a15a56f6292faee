"""DX Selection (DXセレクション): a lab recommends a company, with its consent word for word; and the way to DX認定."""
