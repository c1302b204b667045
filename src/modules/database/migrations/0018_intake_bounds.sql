-- Names are free to invent on a broker without access lists: what such senders leave behind is bounded over all of them together.
alter table rejected_message add column stranger boolean not null default false;  -- the terminal was not in the register
update rejected_message r set stranger = true where not exists (select from terminal t where t.code = r.terminal);
create index rejected_message_stranger on rejected_message (id) where stranger and redriven_at is null;
-- The bound on what one terminal may leave open looks at the last day.
create index sequence_gap_asked on sequence_gap (terminal_id, asked_at);
