import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { run } from './rows.ts';

interface PendingPost {
  readonly name: number;
  readonly kind: number;
  readonly passage: number;
  readonly sign: 1 | -1;
}

/** Posts held at once. */
const HELD_POSTS = 100_000;
/** Rows of one insert. */
const ROWS = 50;
const INSERT_ONE = 'insert or ignore into post values (?, ?, ?)';
const INSERT_MANY = `insert or ignore into post values ${Array.from({ length: ROWS }, () => '(?, ?, ?)').join(', ')}`;
const DELETE = 'delete from post where name = ? and kind = ? and passage = ?';

/** Posts that come and go in a change, written in the order of their key: neighbours in the tree are written together. */
export class PostBuffer {
  readonly #context: SqliteContext;
  #pending: PendingPost[] = [];

  constructor(context: SqliteContext) {
    this.#context = context;
  }

  add(name: number, kind: number, passage: number, sign: 1 | -1): void {
    this.#pending.push({ name, kind, passage, sign });
  }

  spill(): void {
    if (this.#pending.length > HELD_POSTS) this.flush();
  }

  flush(): void {
    // The sort is stable, so that of several changes of one post the last comes last; it alone counts.
    const sorted = this.#pending.sort((a, b) => a.name - b.name || a.kind - b.kind || a.passage - b.passage);
    this.#pending = [];
    const last = sorted.filter((post, i) => !isSame(post, sorted[i + 1]));
    for (const { name, kind, passage } of last.filter(({ sign }) => sign < 0)) run(this.#context, DELETE, name, kind, passage);
    const coming = last.filter(({ sign }) => sign > 0);
    const whole = coming.length - (coming.length % ROWS);
    for (let i = 0; i < whole; i += ROWS) run(this.#context, INSERT_MANY, ...coming.slice(i, i + ROWS).flatMap(values));
    for (const post of coming.slice(whole)) run(this.#context, INSERT_ONE, ...values(post));
  }
}

function values({ name, kind, passage }: PendingPost): number[] {
  return [name, kind, passage];
}

function isSame(post: PendingPost, other: PendingPost | undefined): boolean {
  return other?.name === post.name && other.kind === post.kind && other.passage === post.passage;
}
