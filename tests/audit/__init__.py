"""Judges of the pages that are not ours: Lighthouse, axe, pa11y, the Nu HTML checker, linkinator."""
