-- The last version that was given to a value of a plugin. A key that is removed and written again
-- gets a version that was never there before.
create table plugin_state_version (
    plugin_id text primary key,
    version bigint not null
);

insert into plugin_state_version (plugin_id, version)
select plugin_id, max(version) from plugin_state group by plugin_id;
