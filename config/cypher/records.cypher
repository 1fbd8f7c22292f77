// The record store (src/storage/adapters/neo4j). Applied once by each process, one after the other, see src/storage/neo4j/schema-files.ts.

// A record's id is its scope and its key, written so that Neo4j's order of ids is the order of the keys' code units.
CREATE CONSTRAINT record_id IF NOT EXISTS FOR (record:Record) REQUIRE record.id IS UNIQUE;

CREATE INDEX record_expiry IF NOT EXISTS FOR (record:Record) ON (record.expiresAt);

// Versions are drawn from counters; whoever writes a record holds the counter of its id.
CREATE CONSTRAINT record_counter_id IF NOT EXISTS FOR (counter:RecordCounter) REQUIRE counter.id IS UNIQUE;
