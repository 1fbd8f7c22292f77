/** What a configured server answered. */
export interface ServerAnswer {
  readonly server: string;
  /** Without user and password. */
  readonly address: string;
  readonly ok: boolean;
  readonly answer: string;
  readonly ms: number;
}

/** How to ask one server. */
export interface ServerProbe {
  readonly server: string;
  readonly address: string;
  /** Resolves to what the server said; rejects when it said nothing useful. */
  readonly ask: (signal: AbortSignal) => Promise<string>;
}

/** An address without the user and password in it, as it may be shown. */
export function withoutUser(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}
