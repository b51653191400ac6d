"""What a check costs at GitHub, beside a bot as most are written."""
