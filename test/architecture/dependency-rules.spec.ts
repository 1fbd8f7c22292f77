import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../src/config/project-root.ts';
import { type TemporaryFolder, temporaryFolder } from '../fakes/temporary-folder.ts';

interface Outcome {
  readonly code: number;
  readonly output: string;
}

const root = projectRoot();
const cruiser = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');

function cruise(cwd: string): Promise<Outcome> {
  const args = [cruiser, 'src', '--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'err'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env: { ...process.env, NODE_OPTIONS: '' } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

describe('who may import whom', () => {
  it('is kept by the whole of src', async () => {
    const { code, output } = await cruise(root);
    expect(output).toContain('no dependency violations found');
    expect(code).toBe(0);
  }, 120_000);

  describe('is noticed when it is broken', () => {
    let folder: TemporaryFolder;

    beforeEach(async () => {
      folder = await temporaryFolder();
      await copyFile(join(root, 'tsconfig.json'), join(folder.path, 'tsconfig.json'));
    });
    afterEach(() => folder.remove());

    const write = async (file: string, text: string): Promise<void> => {
      await mkdir(dirname(join(folder.path, file)), { recursive: true });
      await writeFile(join(folder.path, file), text);
    };

    it.each([
      ['an adapter of another module', 'graph/graph.service.ts', 'storage/adapters/record-store.ts', 'no-adapters-from-outside'],
      ['the inside of another module', 'graph/graph.service.ts', 'auth/secret-hash.ts', 'inside-auth'],
      ['a module of a higher layer', 'graph/graph.service.ts', 'chat/chat.service.ts', 'layer-graph'],
      ['a neighbour that it shall not see', 'cache/cache.service.ts', 'models/gateway.service.ts', 'layer-cache'],
      ['more of a module than it shows its observers', 'health/health.service.ts', 'graph/graph.service.ts', 'observers-see-only-what-is-shown'],
      ['a barrel', 'graph/graph.service.ts', 'graph/index.ts', 'no-barrels'],
    ])('by importing %s', async (_, importer, imported, rule) => {
      await write(join('src', imported), 'export const value = 1;\n');
      await write(join('src', importer), `import { value } from '../${imported}';\nexport const copy = value;\n`);
      const { code, output } = await cruise(folder.path);
      expect(code).toBeGreaterThan(0);
      expect(output).toContain(rule);
    }, 60_000);
  });
});
