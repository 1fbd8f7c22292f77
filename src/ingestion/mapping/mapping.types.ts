/** An entity that a column names. */
export interface MappedEntity {
  readonly column: string;
  readonly type: string;
  /** Column of what the entity is, in a sentence. */
  readonly description?: string | undefined;
  /** Columns of other names of it. */
  readonly aliases?: readonly string[] | undefined;
}

/** A relation between what two columns name. */
export interface MappedRelation {
  readonly source: string;
  readonly type: string;
  readonly target: string;
  readonly description?: string | undefined;
}

/** What the columns of a table, or the fields of JSON objects, mean. */
export interface Mapping {
  /** What a row is called among those of its file; left out: its number. */
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  /** Columns of what is to be found by words; left out: all, each value under its column. */
  readonly text?: readonly string[] | undefined;
  /** Columns by which questions may be filtered. */
  readonly metadata?: readonly string[] | undefined;
  readonly entities: readonly MappedEntity[];
  readonly relations: readonly MappedRelation[];
}

/** A row, or an object of a list, by column. */
export interface TableRow {
  /** From 1; with a header as the first where there is one. */
  readonly number: number;
  readonly fields: ReadonlyMap<string, string>;
}
