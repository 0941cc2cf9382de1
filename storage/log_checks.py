"""What must hold in the log, as questions whose every answer is a problem; `$1` is how many to tell."""

HOLES = """
select format('the log has a hole: position %s is followed by %s', before, position) as problem
  from (select position, lag(position, 1, 0::bigint) over (order by position) as before from termwise.event) e
 where position <> before + 1 limit $1
"""

HEAD = """
select format('the head is at %s, the last event at %s', h.position, e.last) as problem
  from termwise.head h
 cross join (select coalesce(max(position), 0) as last from termwise.event) e
 where h.position <> e.last limit $1
"""

STREAMS = """
select format('stream %s is at version %s, but has %s events, the last of version %s',
              coalesce(s.name, e.stream::text), s.version, coalesce(e.events, 0), e.last) as problem
  from termwise.stream s
  full join (select stream, count(*) as events, max(version) as last from termwise.event group by stream) e
    on e.stream = s.id
 where (s.version, s.version) is distinct from (e.events::integer, e.last) limit $1
"""

VERSIONS = """
select format('position %s: version %s of its stream follows version %s', position, version, before)
       as problem
  from (select position, version, lag(version, 1, 0) over (partition by stream order by position) as before
          from termwise.event) e
 where version <> before + 1 limit $1
"""

COMMANDS = """
select format('command %s has not the %s events it was written with, side by side', command, max(of))
       as problem
  from termwise.event
 group by stream, command
having count(*) <> max(of) or min(of) <> max(of) or min(nth) <> 1 or max(nth) <> max(of)
    or max(position - nth) <> min(position - nth) or max(version - nth) <> min(version - nth)
 limit $1
"""

CHECKS = (HOLES, HEAD, STREAMS, VERSIONS, COMMANDS)
