-- The log as it was known at a moment, and the streams of a cycle or of a process, found without reading all of them.

create index stream_by_root on termwise.stream (root);
create index stream_by_process on termwise.stream (process);

-- The last position that was recorded by a moment; 0 before the first. Positions are given in the order of commits, so it
-- is found in twenty looks among a million rows, and needs no index that every append would pay for.
create function termwise.position_at(i_moment timestamptz) returns bigint language plpgsql stable as $$
declare
  low bigint := 0;
  high bigint := coalesce((select h.position from termwise.head h), 0);
  middle bigint;
begin
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select e.recorded_at <= i_moment from termwise.event e where e.position = middle) then
      low := middle;
    else
      high := middle - 1;
    end if;
  end loop;
  return low;
end $$;
