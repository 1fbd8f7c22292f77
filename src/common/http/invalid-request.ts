import { RequestError } from '../errors/request.errors.ts';

/** One fault of a request: where it is (`filter.from`), and what is wrong. */
export interface RequestIssue {
  readonly path: string;
  readonly message: string;
}

/** What schema libraries report (zod, or anything that follows Standard Schema). */
interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** More issues than this are counted, not listed: their number is up to whoever sent the request. */
const MAX_ISSUES = 20;

/** A RequestError `invalid-request` that names every fault with its path. */
export function invalidRequest(issues: readonly SchemaIssue[], cause?: unknown): RequestError {
  const listed = issues.slice(0, MAX_ISSUES).map(issueOf);
  const lines = listed.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = issues.length > MAX_ISSUES ? ` (and ${String(issues.length - MAX_ISSUES)} more)` : '';
  return new RequestError('invalid-request', `The request is not valid: ${lines.join('; ')}${more}`, {
    remedy: 'Correct the named fields and send the request again; /docs shows every route.',
    details: { issues: listed },
    cause,
  });
}

function issueOf(issue: SchemaIssue): RequestIssue {
  const segments = (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  return { path: segments.join('.'), message: issue.message };
}
