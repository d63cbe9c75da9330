"""The project as its pages and apps will show it, before it is out: served on this computer alone."""
