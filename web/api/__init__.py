"""The site for programs: the objects of the pages as JSON, documented by OpenAPI 3.1 from this code."""
