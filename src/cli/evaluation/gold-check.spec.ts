import type { PassageIndex } from '../../graph/passage-index.port.ts';
import type { SetQuestion } from './evaluation.types.ts';
import { checkGold } from './gold-check.ts';

const WORKSPACE = { slug: 'w', uid: 'u', createdAt: '' };

function indexWith(...present: string[]): PassageIndex {
  const contentHashes = (_workspace: unknown, ids: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    Promise.resolve(new Map(ids.filter((id) => present.includes(id)).map((id) => [id, 'hash'])));
  return { contentHashes } as unknown as PassageIndex;
}

const documents = (...gold: string[]): SetQuestion => ({ question: { kind: 'documents', id: 'd', question: '?', gold }, prefix: '' });
const lines = (document: string): SetQuestion => ({ question: { kind: 'lines', id: 'l', question: '?', document, goldLines: [[1, 1]] }, prefix: '' });

describe('checkGold', () => {
  it('has nothing to tell when all is there', async () => {
    expect(await checkGold(indexWith('a', 'b', 'm.txt'), WORKSPACE, [documents('a', 'b'), lines('m.txt')])).toBeUndefined();
  });

  it('counts the questions that name what is missing, and names some of it', async () => {
    const note = await checkGold(indexWith('a'), WORKSPACE, [documents('a'), documents('a', 'x'), lines('y.txt')]);
    expect(note).toMatch(/^2 questions name documents that the corpus does not have \(x, y\.txt\)/);
  });

  it('asks in parts, and names few of many', async () => {
    const many = Array.from({ length: 1200 }, (_, i) => documents(String(i)));
    expect(await checkGold(indexWith('1199'), WORKSPACE, many)).toMatch(/^1199 questions .*\(0, 1, 2, 3, 4, …\)/);
  });

  it('refuses questions about another corpus', async () => {
    await expect(checkGold(indexWith('b'), WORKSPACE, [documents('a')])).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
