"""How a list goes on: addresses of pages, forms, data, and scripts that name them."""
