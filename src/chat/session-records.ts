import { contentHash } from '../common/hash/content-hash.ts';
import type { JsonValue } from '../storage/storage.types.ts';
import type { SessionSummary, SessionTurn } from './session.types.ts';

/** What a session's own record holds; its turns are records of their own, so that a long session is not written again and again. */
export type SessionHead = Omit<SessionSummary, 'id'>;

/** Who a session belongs to is part of its key, so a session of somebody else is not even looked at. */
export function ownerPrefix(subject: string): string {
  return `sessions/${contentHash(subject)}/`;
}

export function headKey(subject: string, id: string): string {
  return `${ownerPrefix(subject)}${id}`;
}

export function turnsPrefix(subject: string, id: string): string {
  return `session-turns/${contentHash(subject)}/${id}/`;
}

/** @param number of the turn, from 1 */
export function turnKey(subject: string, id: string, number: number): string {
  return `${turnsPrefix(subject, id)}${String(number).padStart(9, '0')}`;
}

/** Only the session service writes these records, so their shape is known. */
export function headOf(value: JsonValue): SessionHead {
  return value as unknown as SessionHead;
}

export function turnOf(value: JsonValue): SessionTurn {
  return value as unknown as SessionTurn;
}

export function toJson(value: SessionHead | SessionTurn): JsonValue {
  return value as unknown as JsonValue;
}
