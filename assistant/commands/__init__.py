"""The subcommands of ``assistant``, one file each."""
