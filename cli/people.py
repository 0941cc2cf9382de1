"""The people of the trust: who works where and since when, whom they answer to, and what was known when.

Nothing is overwritten: what begins, ends or is corrected is kept as such, with its day and its reason. An administrator
of the trust changes people; a headteacher gives and ends posts at their own school.

Example: termwise people who headteacher --school glenfield --on 2026-11-05
"""

from cyclopts import App

from cli.people_activity import activity
from cli.people_import import export, import_people
from cli.people_set import set_person
from cli.people_show import history, list_people, show_person, who

app = App(name="people")
app.default(list_people)
app.command(list_people, name="list")
app.command(show_person, name="show")
app.command(who, name="who")
app.command(history, name="history")
app.command(activity, name="activity")
app.command(set_person, name="set")
app.command(import_people, name="import")
app.command(export, name="export")
