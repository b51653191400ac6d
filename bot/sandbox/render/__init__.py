"""Records to the JSON that GitHub's descriptions demand; every function is pure."""
