// Calls to the service. Every failure is an ApiError with the server's own words.
import { credentials } from './credentials.js';

/** A request that failed; `status` is 0 when the service could not be reached. */
export class ApiError extends Error {
  constructor(message, { status = 0, code, remedy, problem } = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.remedy = remedy;
    this.problem = problem;
  }
}

/** An error from a problem+json body. */
export function errorOf(problem, status = problem.status) {
  return new ApiError(problem.detail ?? `The service answered ${String(status)}.`, { status, code: problem.code, remedy: problem.remedy, problem });
}

async function failureOf(response) {
  const body = await response.json().catch(() => ({}));
  return errorOf(body, response.status);
}

/** What to do when the service no longer knows who asks. */
let onSignedOut = () => undefined;
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

/** The response of a call, once it is one that went well. */
export async function request(path, { method = 'GET', json, body, signal, accept } = {}) {
  const token = await credentials.fresh();
  const headers = { accept: accept ?? 'application/json' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (json !== undefined) headers['content-type'] = 'application/json';
  const response = await reach(path, { method, headers, signal, body: json === undefined ? body : JSON.stringify(json) });
  if (response.ok) return response;
  const error = await failureOf(response);
  if (error.status === 401) onSignedOut(error);
  throw error;
}

/** The JSON of a call's answer; nothing for an answer without a body. */
export async function call(path, options) {
  const response = await request(path, options);
  return response.status === 204 ? undefined : await response.json();
}

/** A path with its query; values that are nothing are left out. */
export function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

export async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('The service cannot be reached.', { remedy: 'Check that it runs, then try again.' });
  }
}
