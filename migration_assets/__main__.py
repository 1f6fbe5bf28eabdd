"""`python -m migration_assets`, which is the command line."""

from migration_assets.cli import main

raise SystemExit(main())
