"""The write API: a lab's own activities and cases, through the same forms and services as the pages."""
