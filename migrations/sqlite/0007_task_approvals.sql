-- See migrations/postgres for the same tables with comments.
create table task_approval (
    id blob primary key,
    task_id blob not null references task (id) on delete cascade,
    step text,
    approvers text not null,
    reason text,
    four_eyes integer not null,
    asked_at integer not null,
    expires_at integer not null,
    state text not null
        check (state in ('pending', 'approved', 'rejected', 'expired', 'withdrawn')),
    decided_by text,
    decided_at integer,
    comment text
) strict;

create index task_approval_task on task_approval (task_id, asked_at);
create index task_approval_pending on task_approval (expires_at) where state = 'pending';

alter table task add column waits integer not null default 0;
