"""The pages people look at and listen on: which there are, where they lie, what is on them."""
