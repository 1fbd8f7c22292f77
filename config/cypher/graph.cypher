// Constraints and indexes of the graph, made once in a database. Every node has the label W_<uid> of its workspace and the uid as the
// property `workspace`; ids are hashes that hold the uid, and `key` is an integer of the workspace's own. The text index and the vector
// index are made with each workspace and are not here.

CREATE CONSTRAINT graphrag_workspace_uid IF NOT EXISTS FOR (w:Workspace) REQUIRE w.uid IS UNIQUE;
CREATE CONSTRAINT graphrag_workspace_slug IF NOT EXISTS FOR (w:Workspace) REQUIRE w.slug IS UNIQUE;

CREATE CONSTRAINT graphrag_document_id IF NOT EXISTS FOR (d:Document) REQUIRE d.id IS UNIQUE;
CREATE INDEX graphrag_document_external IF NOT EXISTS FOR (d:Document) ON (d.workspace, d.externalId);
CREATE INDEX graphrag_document_original IF NOT EXISTS FOR (d:Document) ON (d.originalBlob);
CREATE INDEX graphrag_document_text IF NOT EXISTS FOR (d:Document) ON (d.textBlob);

// What is staged and not yet published.
CREATE CONSTRAINT graphrag_generation_id IF NOT EXISTS FOR (g:Generation) REQUIRE g.id IS UNIQUE;
CREATE INDEX graphrag_generation_original IF NOT EXISTS FOR (g:Generation) ON (g.originalBlob);
CREATE INDEX graphrag_generation_text IF NOT EXISTS FOR (g:Generation) ON (g.textBlob);
CREATE INDEX graphrag_staged_generation IF NOT EXISTS FOR (c:StagedChunk) ON (c.generation);

CREATE CONSTRAINT graphrag_chunk_id IF NOT EXISTS FOR (c:Chunk) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT graphrag_chunk_key IF NOT EXISTS FOR (c:Chunk) REQUIRE (c.workspace, c.key) IS UNIQUE;
CREATE INDEX graphrag_chunk_document IF NOT EXISTS FOR (c:Chunk) ON (c.workspace, c.document);

CREATE CONSTRAINT graphrag_name_key IF NOT EXISTS FOR (n:Name) REQUIRE (n.workspace, n.key) IS UNIQUE;
CREATE CONSTRAINT graphrag_name_norm IF NOT EXISTS FOR (n:Name) REQUIRE (n.workspace, n.norm) IS UNIQUE;
CREATE CONSTRAINT graphrag_term_token IF NOT EXISTS FOR (t:Term) REQUIRE (t.workspace, t.token) IS UNIQUE;

CREATE CONSTRAINT graphrag_entity_id IF NOT EXISTS FOR (e:Entity) REQUIRE e.id IS UNIQUE;
CREATE INDEX graphrag_entity_norm IF NOT EXISTS FOR (e:Entity) ON (e.workspace, e.norm);
CREATE CONSTRAINT graphrag_alias_norm IF NOT EXISTS FOR (a:Alias) REQUIRE (a.workspace, a.norm) IS UNIQUE;
CREATE CONSTRAINT graphrag_relation_id IF NOT EXISTS FOR (r:Relation) REQUIRE r.id IS UNIQUE;
CREATE CONSTRAINT graphrag_merge_entity IF NOT EXISTS FOR (m:Merge) REQUIRE (m.workspace, m.entity) IS UNIQUE;
CREATE INDEX graphrag_merge_into IF NOT EXISTS FOR (m:Merge) ON (m.workspace, m.into);

CREATE INDEX graphrag_change_version IF NOT EXISTS FOR (c:Change) ON (c.workspace, c.version);
