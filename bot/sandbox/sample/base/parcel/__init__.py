"""Books parcels with carriers and keeps customers informed."""
