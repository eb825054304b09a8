-- Events are chained: `hash` is the sha-256 (hex) of the hash before and of the event. Rows from
-- before this migration have none of their own: the hash that the first chained event builds on
-- covers them (see Store::migrate).
alter table audit add column policy text;
alter table audit add column source text;
alter table audit add column hash text;

-- Positions are given out by audit_head, without gaps.
alter table audit alter column id drop identity;

-- The last event. A writer holds the one row until it commits, which orders events.
-- The hash is empty until portico has read the events from before this migration.
create table audit_head (
    id integer primary key check (id = 1),
    position bigint not null,
    hash text not null
);

insert into audit_head (id, position, hash) values (1, 0, '');

-- The last event that retention has removed: the chain begins after it.
create table audit_anchor (
    id integer primary key check (id = 1),
    position bigint not null,
    hash text not null
);

insert into audit_anchor (id, position, hash)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

drop trigger audit_append_only on audit;

create trigger audit_append_only before update or truncate on audit
    for each statement execute function audit_is_append_only();

-- Only what the anchor stands for may go.
create function audit_keeps_its_end() returns trigger language plpgsql as $$
begin
    if old.id > (select position from audit_anchor) then
        raise exception 'the audit log is append-only';
    end if;
    return old;
end
$$;

create trigger audit_keeps_its_end before delete on audit
    for each row execute function audit_keeps_its_end();

create index audit_at on audit (at);
create index audit_principal on audit (principal, id);
create index audit_action on audit (action, id);
create index audit_resource on audit (resource, id);
create index audit_decision on audit (decision, id);
create index audit_request on audit (request_id) where request_id is not null;
create index audit_source on audit (source, id) where source is not null;
