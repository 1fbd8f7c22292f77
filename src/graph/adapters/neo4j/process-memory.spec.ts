import type { KnownPassage } from './known-passage.types.ts';
import { ProcessMemory } from './process-memory.ts';
import { RunMemory } from './run-memory.ts';

const passage = (key: number, title = 'Ulm'): KnownPassage => ({ key, document: 1, tie: `tie ${String(key)}`, chunkId: 'c', title, links: new Int32Array(), terms: new Int32Array() });
const uid = (id: number): { readonly uid: string } => ({ uid: `w${String(id)}` });

function begun(process: ProcessMemory, workspace: number, version: number): RunMemory {
  const memory = new RunMemory(process);
  memory.begin(uid(workspace), version);
  return memory;
}

describe('ProcessMemory', () => {
  it('gives a run what another was told of the same version of a workspace, and of no other', () => {
    const process = new ProcessMemory();
    begun(process, 1, 4).passages.set(7, passage(7), true);
    expect(begun(process, 1, 4).passages.get(7)).toEqual(passage(7));
    expect(begun(process, 2, 4).passages.get(7)).toBeUndefined();
    expect(begun(process, 1, 5).passages.get(7)).toBeUndefined();
  });

  it('keeps nothing of a version that is over', () => {
    const process = new ProcessMemory();
    const old = begun(process, 1, 4);
    old.passages.set(7, passage(7), true);
    begun(process, 1, 5).passages.set(7, passage(7, 'Bonn'), true);
    const late = begun(process, 1, 4);
    expect(late.passages.get(7)).toBeUndefined();
    late.passages.set(8, passage(8), true);
    expect(begun(process, 1, 5).passages.get(7)?.title).toBe('Bonn');
    expect(begun(process, 1, 5).passages.get(8)).toBeUndefined();
    // The run that began with it goes on with it.
    expect(old.passages.get(7)?.title).toBe('Ulm');
  });

  it('keeps nothing of a version that is not whole', () => {
    const process = new ProcessMemory();
    begun(process, 1, 4).passages.set(7, passage(7), true);
    const memory = begun(process, 1, -1);
    expect([memory.keeps(-1), memory.passages.get(7)]).toEqual([false, undefined]);
    memory.passages.set(8, passage(8), true);
    expect(begun(process, 1, 4).passages.get(7)).toEqual(passage(7));
    expect(begun(process, 1, 4).passages.get(8)).toBeUndefined();
  });

  it('knows the workspaces asked lately', () => {
    const process = new ProcessMemory();
    for (let id = 0; id < 8; id += 1) begun(process, id, 1).norms.set('ulm', id, true);
    begun(process, 0, 1);
    begun(process, 8, 1);
    expect([0, 2, 7, 1].map((id) => begun(process, id, 1).norms.get('ulm'))).toEqual([0, 2, 7, undefined]);
  });
});

describe('RunMemory', () => {
  it('keeps to itself what it was told as of another version, or before it knew one', () => {
    const process = new ProcessMemory();
    const memory = new RunMemory(process);
    expect(memory.keeps(4)).toBe(false);
    memory.begin(uid(1), 4);
    expect([memory.keeps(4), memory.keeps(5)]).toEqual([true, false]);
    memory.passages.set(7, passage(7), memory.keeps(5));
    expect(memory.passages.get(7)).toEqual(passage(7));
    expect(begun(process, 1, 4).passages.get(7)).toBeUndefined();
  });

  it('goes on with the version it began with', () => {
    const process = new ProcessMemory();
    const memory = begun(process, 1, 4);
    memory.passages.set(7, passage(7), true);
    memory.begin(uid(1), 5);
    expect([memory.keeps(4), memory.keeps(5)]).toEqual([true, false]);
    expect(memory.passages.get(7)).toEqual(passage(7));
  });

  it('knows ties and labels of passages it was told of, however it was', () => {
    const memory = new RunMemory();
    memory.passages.set(7, passage(7), false);
    memory.setTies([[8, 'b']]);
    memory.labels.set(9, { chunkId: 'd', title: 'Bonn' });
    expect([7, 8, 9].map((key) => memory.tieOf(key))).toEqual(['tie 7', 'b', undefined]);
    expect([7, 8, 9].map((key) => memory.labelOf(key)?.title)).toEqual(['Ulm', undefined, 'Bonn']);
  });
});
