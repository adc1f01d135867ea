"""Questions written for another system, brought into a pool: what a file says (`found`), how it is read (`moodle_xml`, `gift`),
what a pool of ours can hold of it (`carried`), and how that is written (`pool`). `actions.import_questions` is the way in."""
