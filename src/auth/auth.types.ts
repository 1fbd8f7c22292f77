import { ROLES, type Role } from '../common/http/principal.types.ts';

/** What a handler may ask of its caller: a role in the workspace it works on, or the right over the whole instance. */
export const RIGHTS = [...ROLES, 'instance-admin'] as const;
export type Right = Role | 'instance-admin';

/** What a handler declares: a right, or that it is open to everybody. */
export type DeclaredRight = Right | 'public';

/** Metadata key under which a handler's or controller's declaration is found. */
export const DECLARED_RIGHT = 'graphrag-chat:declared-right';
