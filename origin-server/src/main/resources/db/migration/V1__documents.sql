-- The documents, each as the JSON that get prints. Those with secrets are wrapped.
create table documents (
  kind varchar(64) not null,
  name varchar(128) not null,
  json text not null,
  primary key (kind, name)
);

-- The values of content keys, wrapped under the master key. Equal values have equal fingerprints.
create table wrapped_keys (
  id varchar(36) not null primary key,
  wrapped varchar(256) not null,
  fingerprint varchar(64) not null
);

-- One row. Its number grows with every change, in the transaction of the change.
create table catalog_revision (
  id integer not null primary key check (id = 1),
  revision bigint not null
);

insert into catalog_revision (id, revision) values (1, 0);
