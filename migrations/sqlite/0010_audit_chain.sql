-- Events are chained; see migrations/postgres for the same tables with comments.
alter table audit add column policy text;
alter table audit add column source text;
alter table audit add column hash text;

create table audit_head (
    id integer primary key check (id = 1),
    position integer not null,
    hash text not null
) strict;

insert into audit_head (id, position, hash) values (1, 0, '');

create table audit_anchor (
    id integer primary key check (id = 1),
    position integer not null,
    hash text not null
) strict;

insert into audit_anchor (id, position, hash)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

drop trigger audit_no_delete;

create trigger audit_keeps_its_end before delete on audit
when old.id > (select position from audit_anchor)
begin
    select raise(abort, 'the audit log is append-only');
end;

create index audit_at on audit (at);
create index audit_principal on audit (principal, id);
create index audit_action on audit (action, id);
create index audit_resource on audit (resource, id);
create index audit_decision on audit (decision, id);
create index audit_request on audit (request_id) where request_id is not null;
create index audit_source on audit (source, id) where source is not null;
