import { BoundedMemory } from '../../indexing/bounded-memory.ts';
import type { Passage, PassageKey } from '../../graph.types.ts';
import type { KnownPassage } from './known-passage.types.ts';
import type { KnownName } from './name-look-up.ts';
import { TermMemory } from './term-memory.ts';

/** Integers of packed links and stems. */
const INTEGERS = 4_000_000;
/** Names, with the passages they lead to. */
const NAMED = 500_000;
const NORMS = 100_000;
/** Letters of passages that were read. */
const LETTERS = 4_000_000;
/** What an entry weighs by itself. */
const ENTRY = 32;
/** Workspaces of which something is kept. */
const WORKSPACES = 8;

/** What a process knows of a workspace as of one version of its index: bounded, so that it does not grow with the workspace. */
export class WorkspaceMemory {
  readonly version: number;
  readonly passages = new BoundedMemory<PassageKey, KnownPassage>(INTEGERS, ({ links, terms }) => links.length + terms.length + ENTRY);
  /** Nothing for a name that leads nowhere. */
  readonly names = new BoundedMemory<number, KnownName | null>(NAMED, (name) => 1 + (name?.ties.length ?? 0));
  /** Keys of names; 0 where there is none. */
  readonly norms = new BoundedMemory<string, number>(NORMS);
  readonly texts = new BoundedMemory<PassageKey, Passage>(LETTERS, ({ text }) => text.length + ENTRY);

  constructor(version: number) {
    this.version = version;
  }
}

/** What a process keeps from one question to the next. Stems are packed by one `TermMemory`, so all of it is begun anew together. */
export class ProcessMemory {
  readonly stems = new TermMemory();
  /** By uid, those used lately last. */
  readonly #workspaces = new Map<string, WorkspaceMemory>();

  /** What is known of this version; nothing for one that is not whole, or older than what another question has seen already. */
  ofVersion(workspace: string, version: number): WorkspaceMemory | undefined {
    if (version < 0) return undefined;
    const known = this.#workspaces.get(workspace);
    if (known !== undefined && known.version > version) return undefined;
    const memory = known?.version === version ? known : new WorkspaceMemory(version);
    this.#workspaces.delete(workspace);
    this.#workspaces.set(workspace, memory);
    for (const [uid] of this.#workspaces) if (this.#workspaces.size > WORKSPACES) this.#workspaces.delete(uid);
    return memory;
  }
}
