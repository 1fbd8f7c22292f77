import { schemaStatements, statementsOf } from './schema-files.ts';

describe('schema files', () => {
  it('are cut into statements at semicolons that end a line', () => {
    expect(statementsOf("// first; second\nCREATE INDEX a IF NOT EXISTS\n  FOR (n:A) ON (n.x);\n\n  // more\nCREATE (:B {text: 'a;b'});\n")).toEqual([
      'CREATE INDEX a IF NOT EXISTS\n  FOR (n:A) ON (n.x)',
      "CREATE (:B {text: 'a;b'})",
    ]);
  });

  it('of config/cypher may all be run again', () => {
    const statements = schemaStatements();
    expect(statements.length).toBeGreaterThan(2);
    for (const statement of statements) expect(statement).toMatch(/^(CREATE|DROP) [A-Z ]*(INDEX|CONSTRAINT) \w+ IF (NOT )?EXISTS/);
  });
});
