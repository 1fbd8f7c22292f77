import type { Settings } from '../../config/load-settings.ts';

/** Settings as they are shown, by area and name. */
export type ShownSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const SECRET = /key|secret|password|token$/i;

/** What stands for a value that must not be seen. */
const HIDDEN = '(set, hidden)';

function hideInAddress(name: string, text: string): string {
  return name === 'memcachedServers' ? hideInServers(text) : hideInUrl(text);
}

function hideInUrl(text: string): string {
  return text.replace(/^([a-z][a-z+.-]*:\/\/)[^/\s]+@/i, '$1***@');
}

/** `user:password@host:port,…`, as memcached's servers are written. */
function hideInServers(text: string): string {
  return text
    .split(',')
    .map((server) => server.replace(/^.*@/, '***@'))
    .join(',');
}

function show(name: string, value: unknown): unknown {
  if (value === undefined) return null;
  if (SECRET.test(name) && typeof value === 'string') return HIDDEN;
  if (typeof value === 'string') return hideInAddress(name, value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return hideSecrets(value as Readonly<Record<string, unknown>>);
}

function hideSecrets(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, show(name, value)]));
}

/** The settings in effect, without any secret: keys and passwords are only said to be set, addresses lose their user part. */
export function effectiveSettings(settings: Settings): ShownSettings {
  return Object.fromEntries(Object.entries(settings).map(([area, values]) => [area, hideSecrets(values)]));
}
