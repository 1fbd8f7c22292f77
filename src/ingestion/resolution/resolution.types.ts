import type { StoredEntity } from '../../graph/stored-entities.port.ts';
import type { NameForm } from './name-forms.ts';

/** What made two entities one, the surest first. */
export const LAYERS = ['name', 'alias', 'acronym', 'similar', 'model'] as const;
export type ResolutionLayer = (typeof LAYERS)[number];

/** An entity with the form its name is compared by. */
export interface Known extends StoredEntity {
  readonly form: NameForm;
  readonly aliasForms: readonly NameForm[];
}

/** Two entities, as places in a list of them; the first has the lower place. */
export interface Pair {
  readonly first: number;
  readonly second: number;
}

/** What is thought of a pair: one, open, or (no finding) two. Similarity is 0 to 1. */
export interface Finding extends Pair {
  readonly verdict: 'same' | 'open';
  readonly layer: ResolutionLayer;
  readonly similarity: number;
}

/** A merge and why it was made. */
export interface Resolved {
  readonly entityId: string;
  readonly intoId: string;
  readonly name: string;
  readonly intoName: string;
  readonly layer: ResolutionLayer;
  readonly similarity: number;
}

/** Several persons of one name, told apart by document. */
export interface Namesakes {
  /** Names the finding; the same for the same name and type. */
  readonly id: string;
  readonly name: string;
  readonly norm: string;
  readonly type: string;
  /** What told them apart: what documents tell of their lives, or the model. */
  readonly layer: 'life' | 'model';
  /** Which of them a document means, by its id. A document that is not among them leaves it open. */
  readonly senses: Readonly<Record<string, string>>;
}
