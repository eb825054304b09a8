-- Questions to people: may a task, or a step of one, be done? A task that waits for an answer is
-- open, and no process takes it.
create table task_approval (
    id uuid primary key,
    task_id uuid not null references task (id) on delete cascade,
    -- Null for the whole task.
    step text,
    -- JSON: full refs of groups and users, any of whom decides.
    approvers text not null,
    reason text,
    -- Whether it takes somebody else than who created the task.
    four_eyes boolean not null,
    asked_at bigint not null,
    expires_at bigint not null,
    -- `withdrawn`: the task was cancelled, or tried again and asks anew.
    state text not null
        check (state in ('pending', 'approved', 'rejected', 'expired', 'withdrawn')),
    decided_by text,
    decided_at bigint,
    comment text
);

create index task_approval_task on task_approval (task_id, asked_at);
create index task_approval_pending on task_approval (expires_at) where state = 'pending';

alter table task add column waits boolean not null default false;
