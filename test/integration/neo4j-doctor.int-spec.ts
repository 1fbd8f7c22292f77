import { loadSettings } from '../../src/config/load-settings.ts';
import { askServer, probesFor } from '../../src/cli/doctor/server-probes.ts';
import { FakeBoltServer } from '../fakes/fake-bolt-server.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';

describeWith(await neo4jService(), 'doctor with STORE=neo4j', ({ uri, username, password }) => {
  const ask = async (env: Readonly<Record<string, string>> = {}) => {
    const settings = loadSettings({ STORE: 'neo4j', NEO4J_URI: uri, NEO4J_USERNAME: username, NEO4J_PASSWORD: password, ...env });
    const [probe] = probesFor(settings);
    return probe === undefined ? undefined : await askServer(probe, new AbortController().signal);
  };

  it('shows what Neo4j answers', async () => {
    expect(await ask()).toMatchObject({ server: 'neo4j', address: uri, ok: true, answer: expect.stringMatching(/^Neo4j\/5\.\d+.*takes writes in the database neo4j$/) });
  });

  it('tells what is wrong', async () => {
    const old = await FakeBoltServer.start('Neo4j/5.20.0');
    const answers = await Promise.all([{ NEO4J_PASSWORD: 'wrong' }, { NEO4J_DATABASE: 'nowhere' }, { NEO4J_URI: 'bolt://127.0.0.1:1' }, { NEO4J_URI: old.uri }].map(ask));
    expect(answers.map((answer) => [answer?.ok, answer?.answer.split(':')[0]])).toEqual([
      [false, 'Neo4j refuses the user or the password.'],
      [false, 'Neo4j has no such database.'],
      [false, 'Neo4j does not answer.'],
      [false, 'The server at NEO4J_URI is Neo4j/5.20.0; Neo4j 5.26 or newer is needed.'],
    ]);
    await old.stop();
  });
});
