"""The pages: they translate a request into one call inward and the answer into words."""
