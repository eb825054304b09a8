-- Runs of templates. `spec` is the template as it was when the task was created, `state` its
-- checkpoint, both JSON. `secrets` are encrypted, and null once the task has ended. A process
-- works on a task while it holds the lease; `lease_token` grows with every claim and release,
-- and writes with another token are refused.
create table task (
    id uuid primary key,
    template_ref text not null,
    spec text not null,
    parameters text not null,
    secrets bytea,
    entity_ref text,
    created_by text not null,
    created_at bigint not null,
    started_at bigint,
    ended_at bigint,
    heartbeat_at bigint,
    status text not null
        check (status in ('open', 'processing', 'completed', 'failed', 'cancelled', 'skipped')),
    state text not null,
    cancel_requested boolean not null,
    last_event bigint not null,
    lease_owner text,
    lease_token bigint not null,
    lease_until bigint
);

create index task_created_at on task (created_at);
create index task_created_by on task (created_by, created_at);
create index task_template on task (template_ref, created_at);
create index task_entity on task (entity_ref, created_at);
create index task_waiting on task (created_at, id) where status in ('open', 'processing');

-- The files of a task that has not ended well, as they were at its last checkpoint.
create table task_workspace (
    task_id uuid primary key references task (id) on delete cascade,
    content bytea not null
);

-- What a task said, in order.
create table task_event (
    task_id uuid not null references task (id) on delete cascade,
    seq bigint not null,
    at bigint not null,
    kind text not null check (kind in ('log', 'completion', 'cancelled', 'recovered')),
    body text not null,
    primary key (task_id, seq)
);
