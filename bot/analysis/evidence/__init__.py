"""What single rules ask beyond the facts: each put together from several of them."""
