-- See migrations/postgres for the same tables with comments.
create table task (
    id blob primary key,
    template_ref text not null,
    spec text not null,
    parameters text not null,
    secrets blob,
    entity_ref text,
    created_by text not null,
    created_at integer not null,
    started_at integer,
    ended_at integer,
    heartbeat_at integer,
    status text not null
        check (status in ('open', 'processing', 'completed', 'failed', 'cancelled', 'skipped')),
    state text not null,
    cancel_requested integer not null,
    last_event integer not null,
    lease_owner text,
    lease_token integer not null,
    lease_until integer
) strict;

create index task_created_at on task (created_at);
create index task_created_by on task (created_by, created_at);
create index task_template on task (template_ref, created_at);
create index task_entity on task (entity_ref, created_at);
create index task_waiting on task (created_at, id) where status in ('open', 'processing');

create table task_workspace (
    task_id blob primary key references task (id) on delete cascade,
    content blob not null
) strict;

create table task_event (
    task_id blob not null references task (id) on delete cascade,
    seq integer not null,
    at integer not null,
    kind text not null check (kind in ('log', 'completion', 'cancelled', 'recovered')),
    body text not null,
    primary key (task_id, seq)
) strict;
