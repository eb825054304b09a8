-- Versions of the policies that are written in the portal. The newest one is in force; it is
-- never changed: another one follows it.
create table policy_version (
    number bigint primary key,
    text text not null,
    note text not null,
    created_by text not null,
    created_at bigint not null
);
