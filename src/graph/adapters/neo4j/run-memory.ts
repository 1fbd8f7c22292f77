import type { BoundedMemory } from '../../indexing/bounded-memory.ts';
import type { Passage, PassageFilter, PassageKey, PassageLabel, WorkspaceRef } from '../../graph.types.ts';
import type { KnownPassage } from './known-passage.types.ts';
import type { KnownName } from './name-look-up.ts';
import type { NearLists } from './near-lists.ts';
import { ProcessMemory, type WorkspaceMemory } from './process-memory.ts';
import type { TermMemory } from './term-memory.ts';

/** Documents a filter lets through. */
export interface AllowedDocuments {
  readonly keys: readonly number[];
  /** Their visible chunks. */
  readonly chunks: number;
}

/** Of all visible passages. */
export interface PassageMeans {
  readonly passageCount: number;
  readonly meanTitleLength: number;
  readonly meanBodyLength: number;
}

/** What a run has been told, and what its process knows beside; neither goes while the run needs it. */
export class Told<K, V> {
  readonly #own = new Map<K, V>();
  #known: BoundedMemory<K, V> | undefined;

  over(known: BoundedMemory<K, V>): void {
    this.#known = known;
  }

  get(key: K): V | undefined {
    const own = this.#own.get(key);
    if (own !== undefined) return own;
    const known = this.#known?.get(key);
    if (known !== undefined) this.#own.set(key, known);
    return known;
  }

  /** @param isOfVersion whether it was read as of the run's version, so that other runs may have it too */
  set(key: K, value: V, isOfVersion: boolean): void {
    this.#own.set(key, value);
    if (isOfVersion) this.#known?.set(key, value);
  }
}

/**
 * What one question has been told already: its later look-ups need not ask for it again, and see the state the first one saw. Once the
 * text index has told the version of the workspace's index, also what other questions were told of that version.
 */
export class RunMemory {
  readonly passages = new Told<PassageKey, KnownPassage>();
  readonly names = new Told<number, KnownName | null>();
  readonly norms = new Told<string, number>();
  readonly texts = new Told<PassageKey, Passage>();
  /** Packed stems of passages of which nothing else is known. */
  readonly terms = new Map<PassageKey, Int32Array>();
  readonly labels = new Map<PassageKey, PassageLabel>();
  /** By the list itself: look-ups of a question pass the same one. */
  readonly near = new WeakMap<readonly PassageKey[], NearLists>();
  readonly allowed = new WeakMap<PassageFilter, AllowedDocuments>();
  means: PassageMeans | undefined;
  passageCount: number | undefined;
  readonly #process: ProcessMemory;
  readonly #ties = new Map<PassageKey, string>();
  /** Ties that were told with names and not looked at yet. */
  #toldTies: KnownName['ties'][] = [];
  #version: number | undefined;

  constructor(process = new ProcessMemory()) {
    this.#process = process;
  }

  /** By what the stems are packed. */
  get stems(): TermMemory {
    return this.#process.stems;
  }

  /** The question's first statement about the index has told its version; below 0 if it was not whole. */
  begin(workspace: WorkspaceRef, version: number): void {
    const known: WorkspaceMemory | undefined = this.#version === undefined ? this.#process.ofVersion(workspace.uid, version) : undefined;
    this.#version ??= version;
    if (known === undefined) return;
    this.passages.over(known.passages);
    this.names.over(known.names);
    this.norms.over(known.norms);
    this.texts.over(known.texts);
  }

  /** Whether what a statement told that began at this version may be kept for other questions. */
  keeps(version: number): boolean {
    return version >= 0 && version === this.#version;
  }

  tieOf(key: PassageKey): string | undefined {
    for (const ties of this.#toldTies.splice(0)) for (const [passage, tie] of ties) this.#ties.set(passage, tie);
    return this.#ties.get(key) ?? this.passages.get(key)?.tie;
  }

  setTies(ties: KnownName['ties']): void {
    this.#toldTies.push(ties);
  }

  termsOf(key: PassageKey): Int32Array | undefined {
    return this.passages.get(key)?.terms ?? this.terms.get(key);
  }

  labelOf(key: PassageKey): PassageLabel | undefined {
    const passage = this.passages.get(key);
    return passage === undefined ? this.labels.get(key) : { chunkId: passage.chunkId, title: passage.title };
  }
}
