// Who is asking. The page keeps a signed token that soon expires, never a key, and only as long as its tab is open.
const KEPT = 'graphrag-chat:token';
const RENEW_BEFORE_MS = 5 * 60 * 1000;

let current = read();

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(answer) {
  current = { token: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1000 };
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(current));
  } catch {
    // Then a reload asks for the key again.
  }
}

async function exchange(init) {
  const response = await fetch('auth/token', { method: 'POST', ...init });
  const body = await response.json().catch(() => ({}));
  if (response.ok) return keep(body);
  throw Object.assign(new Error(body.detail ?? 'Signing in failed.'), { remedy: body.remedy, status: response.status, problem: body });
}

let renewal;

export const credentials = {
  get present() {
    return current !== undefined;
  },

  /** Signs in with the one-time token of the address, and takes that out of the address bar and the history. */
  async fromAddress() {
    const address = new URL(location.href);
    const token = address.searchParams.get('token');
    if (token === null) return;
    address.searchParams.delete('token');
    history.replaceState(null, '', address.pathname + address.search + address.hash);
    await exchange({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) });
  },

  /** Signs in with a key. */
  fromKey(key) {
    return exchange({ headers: { authorization: `Bearer ${key}` } });
  },

  /** The token, renewed shortly before it expires; nothing when nobody has signed in. */
  async fresh() {
    if (current !== undefined && current.expiresAt - Date.now() < RENEW_BEFORE_MS) {
      renewal ??= exchange({ headers: { authorization: `Bearer ${current.token}` } })
        // The request itself will be told what is wrong.
        .catch(() => undefined)
        .finally(() => {
          renewal = undefined;
        });
      await renewal;
    }
    return current?.token;
  },

  forget() {
    current = undefined;
    try {
      sessionStorage.removeItem(KEPT);
    } catch {
      // Nothing was kept then.
    }
  },
};
