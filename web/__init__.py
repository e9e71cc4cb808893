"""The site: reads the request, asks one thing, renders."""
