-- Where a version was fetched from: a reference to a registry with its digest. Null: the file
-- itself was handed in.
alter table plugin_version add column origin text;
