"""The page alive in the browser: a wizard, dials, and an answer that sharpens while one looks at it."""
