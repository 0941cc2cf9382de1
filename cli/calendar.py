"""The calendar: academic years, terms, INSET days and closures of each school, and what deadlines make of them.

Without a further word it lists the years. Whoever administers the trust may change it: from a file, or a few days
at a time. With --dry-run it first shows which days change, and every open deadline that would move.

Example: termwise calendar show --school glenfield --month 2027-05
"""

from cyclopts import App

from cli import calendar_set
from cli.calendar_due import due
from cli.calendar_import import import_dates
from cli.calendar_show import export, list_years, show_day, show_days

app = App(name="calendar")
app.default(list_years)
app.command(list_years, name="list")
app.command(show_days, name="show")
app.command(show_day, name="day")
app.command(due, name="due")
app.command(import_dates, name="import")
app.command(calendar_set.app, name="set")
app.command(export, name="export")
