"""A person who reads, with all that their posts in force on one day mean for it."""

from dataclasses import dataclass, field
from datetime import date

from engine.acting import Standing, standing_for
from engine.people import Directory
from engine.staff import Post

HEADS = ("headteacher", "executive-headteacher", "head-of-school")
LEADERS = (*HEADS, "deputy-headteacher")
TRUST_LEADERS = ("ceo", "school-improvement-officer")
GOVERNORS = ("trustee", "chair-of-trustees", "member", "local-governor", "chair-of-governors")
ADMINISTRATORS = ("administrator", "business-manager")
TEACHERS = ("class-teacher", "teaching-assistant", "early-career-teacher")


@dataclass(frozen=True, slots=True)
class Reader:
    """A value of one day: a post that ended yesterday is not in it."""

    person: str | None = None
    """None: whoever runs the installation, who could read the database without us."""
    roles: frozenset[str] = frozenset()
    """Of the whole trust."""
    posts: tuple[Post, ...] = ()
    leads: frozenset[str] = frozenset()
    """Schools of which they are head or deputy."""
    sendco_at: frozenset[str] = frozenset()
    staff: frozenset[str] = field(default=frozenset(), repr=False)
    """Everybody who works for them at a school they lead: not its head, nor for a deputy another deputy."""
    manages: frozenset[str] = field(default=frozenset(), repr=False)
    heads: frozenset[str] = field(default=frozenset(), repr=False)
    """The heads of the trust's schools; known only to those who lead the trust."""

    stands_for: tuple[Standing, ...] = field(default=(), repr=False)
    """Those in whose place they may act on that day, and in what."""

    @property
    def people(self) -> frozenset[str]:
        """They themselves, and those in whose place they may act in everything; nobody for the operator."""
        others = (each.person for each in self.stands_for if each.process is None and each.role is None)
        return frozenset([self.person, *others]) if self.person else frozenset()

    def is_asked(self, asked: frozenset[str], process: str, roles: frozenset[str]) -> bool:
        """Whether they are among those who are asked, or may act for one who is: in this process, as one of these."""
        return self.person in asked or any(
            each.person in asked
            and each.process in {None, process}
            and (each.role is None or each.role in roles)
            for each in self.stands_for
        )

    def reads_work_of(self, person: str) -> bool:
        """Whether all that the person has to do is for them to see: their own, and that of those they lead."""
        led = self.manages | self.staff | (self.heads if self.leads_trust else frozenset())
        return self.is_operator or person in self.people or person in led

    @property
    def works_at(self) -> frozenset[str]:
        """The schools where they hold a post."""
        return frozenset(post.school for post in self.posts if post.school)

    @property
    def is_operator(self) -> bool:
        """Whether nobody in particular reads, from the machine on which everything is kept."""
        return self.person is None

    @property
    def is_staff(self) -> bool:
        """Whether they hold a post that is not only a governor's."""
        return any(post.role not in GOVERNORS for post in self.posts)

    @property
    def governs(self) -> bool:
        """Whether they are a trustee or a governor."""
        return any(post.role in GOVERNORS for post in self.posts)

    @property
    def leads_trust(self) -> bool:
        """Whether they lead the trust's schools together."""
        return bool(self.roles.intersection(TRUST_LEADERS))

    @property
    def is_administrator(self) -> bool:
        """Whether they keep the trust's own records."""
        return bool(self.roles.intersection(ADMINISTRATORS))

    def holds(self, role: str) -> bool:
        """Whether they hold the role for the whole trust."""
        return role in self.roles

    def teaches(self, school: str | None, year_group: str | None) -> bool:
        """Whether it is their own class, as far as year groups tell."""
        return school is not None and any(
            post.role in TEACHERS and (post.school, post.year_group) == (school, year_group)
            for post in self.posts
            if post.year_group
        )

    def leads_area(self, school: str | None, year_group: str | None, subject: str | None) -> bool:
        """Whether they lead the subject, the phase or the year group at the school."""
        return school is not None and any(
            post.school == school
            and post.year_group in {None, year_group}
            and post.subject in {None, subject}
            for post in self.posts
            if post.role.endswith(("-lead", "-leader"))
        )


OPERATOR = Reader()


def reader(directory: Directory, person: str, on: date) -> Reader:
    """The person as a reader on that day. Somebody who has left, or is not known, sees nothing but what is public."""
    known = {each.id: each for each in directory.people}
    posts = tuple(post for post in known[person].posts if post.in_force(on)) if person in known else ()
    leads = frozenset(post.school for post in posts if post.school and post.role in LEADERS)
    roles = frozenset(post.role for post in posts if post.school is None)
    trust = bool(roles.intersection(TRUST_LEADERS))
    staff = _staff(directory, leads, posts, on)
    return Reader(
        person=person,
        roles=roles,
        posts=posts,
        leads=leads,
        sendco_at=frozenset(post.school for post in posts if post.school and post.role == "sendco"),
        staff=staff,
        manages=frozenset(
            each for each in known if posts and each != person and directory.line_manager(each, on) == person
        ),
        stands_for=standing_for(directory, person, on),
        heads=frozenset(
            each.person
            for each in directory.assignments
            if trust and each.post.role in HEADS and each.post.in_force(on)
        ),
    )


def _staff(directory: Directory, leads: frozenset[str], posts: tuple[Post, ...], on: date) -> frozenset[str]:
    """Nobody sees the records of somebody who stands beside or above them, only because both work there."""
    headed = {post.school for post in posts if post.role in HEADS}
    here = [each for each in directory.assignments if each.post.school in leads and each.post.in_force(on)]
    above = {
        each.person for each in here if each.post.role in (HEADS if each.post.school in headed else LEADERS)
    }
    return frozenset(each.person for each in here) - above
