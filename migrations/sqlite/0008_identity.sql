-- See migrations/postgres for the same tables with comments.
create table session (
    id blob primary key not null,
    digest blob not null,
    subject text not null,
    name text not null,
    provider text not null,
    provider_session text,
    roles text not null,
    tokens blob,
    user_agent text,
    address text,
    created_at integer not null,
    last_seen_at integer not null,
    idle_ends_at integer not null,
    ends_at integer not null
) strict;

create index session_subject on session (subject);
create index session_provider on session (provider, provider_session)
    where provider_session is not null;
create index session_ends on session (idle_ends_at);

create table access_token (
    id blob primary key not null,
    kind text not null check (kind in ('personal', 'service')),
    owner text not null,
    name text not null,
    digest blob not null unique,
    prefix text not null,
    restrictions text not null,
    created_by text not null,
    created_at integer not null,
    expires_at integer not null,
    last_used_at integer,
    revoked_at integer
) strict;

create index access_token_owner on access_token (kind, owner);
create unique index access_token_service on access_token (owner)
    where kind = 'service' and revoked_at is null;
