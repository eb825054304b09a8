-- Browsers that are signed in. A session that ends is deleted; the audit log tells of it.
create table session (
    id uuid primary key,
    -- SHA-256 of the secret in the cookie.
    digest bytea not null,
    -- Whose, as audit events name principals.
    subject text not null,
    -- What to call them, where the catalog does not know.
    name text not null,
    -- `development`, or the id of the sign-in provider.
    provider text not null,
    -- What the provider calls its own session (`sid`).
    provider_session text,
    -- JSON: roles that the provider gave.
    roles text not null,
    -- Tokens of the provider, encrypted with a key that only the cookie holds.
    tokens bytea,
    user_agent text,
    address text,
    created_at bigint not null,
    last_seen_at bigint not null,
    idle_ends_at bigint not null,
    ends_at bigint not null
);

create index session_subject on session (subject);
create index session_provider on session (provider, provider_session)
    where provider_session is not null;
create index session_ends on session (idle_ends_at);

-- Access tokens of people (personal) and of services.
create table access_token (
    id uuid primary key,
    kind text not null check (kind in ('personal', 'service')),
    -- The ref of the person who holds it, or the name of the service.
    owner text not null,
    name text not null,
    -- SHA-256 of the token.
    digest bytea not null unique,
    -- How the token begins, to tell it from others.
    prefix text not null,
    -- JSON: what it is limited to; an empty list is no limit.
    restrictions text not null,
    created_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    last_used_at bigint,
    revoked_at bigint
);

create index access_token_owner on access_token (kind, owner);
create unique index access_token_service on access_token (owner)
    where kind = 'service' and revoked_at is null;
