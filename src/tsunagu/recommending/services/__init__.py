"""What people do about recommendations and on the way to DX認定."""
