import { resolve } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '../fakes/temporary-folder.ts';
import { RunningProcess } from './serving-process.ts';

describe('the start of a real process', () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await temporaryFolder();
  });

  afterAll(() => folder.remove());

  const serve = (args: string[], env: Record<string, string> = {}): RunningProcess => new RunningProcess(['serve', '--port', '0', ...args], env);

  it('lists every wrong setting at once, without a stack', async () => {
    const { code, output } = await serve([], { THROTTLE_LIMIT: 'many', AUTH_MODE: 'open' }).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/THROTTLE_LIMIT .*\n.*AUTH_MODE /);
    expect(output).not.toMatch(/^\s+at /m);
  }, 120_000);

  it('ends with 2 for an option that it does not have', async () => {
    const { code, output } = await serve(['--prot', '4']).ended;
    expect([code, output.includes('Usage: graphrag-chat serve')]).toEqual([2, true]);
  }, 120_000);

  it('says in a sentence that the data folder cannot be', async () => {
    const { code, output } = await serve(['--data-dir', `${resolve('package.json')}/data`]).ended;
    expect(code).toBe(1);
    expect(output).toContain('cannot be made');
    expect(output).not.toMatch(/^\s+at /m);
  }, 120_000);

  it('prints where its data is, a key at the first start, and an address that signs in', async () => {
    const dataDir = resolve(folder.path, 'data');
    const first = serve(['--data-dir', dataDir]);
    const [, url = '', token = ''] = await first.says(/(http:\/\/127\.0\.0\.1:\d+)\/\?token=(\S+)/);
    const [, key = ''] = await first.says(/: (grc_admin_\S+)/);
    await first.says(new RegExp(`data is in ${dataDir.replaceAll('\\', '\\\\')}\\n`));
    const signedIn = await fetch(`${url}/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) });
    const { access_token } = (await signedIn.json()) as { access_token: string };
    for (const credentials of [access_token, key]) {
      expect((await fetch(`${url}/workspaces`, { headers: { authorization: `Bearer ${credentials}` } })).status).toBe(200);
    }
    first.kill('SIGTERM');
    await first.ended;
    const second = serve(['--data-dir', dataDir]);
    await second.says(/data is in /);
    expect(second.output).not.toContain('grc_admin_');
    second.kill('SIGTERM');
    await second.ended;
  }, 120_000);
});
