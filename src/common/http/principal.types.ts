/** What a grant allows, each including the ones before. */
export const ROLES = ['read', 'write', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who makes a request. */
export interface Principal {
  /** Stable id for logs and for owning sessions: a key's or user's id. */
  readonly subject: string;
  /** May do everything everywhere, but has to name the workspace. */
  readonly instanceAdmin: boolean;
  /** Role by workspace uid. */
  readonly grants: ReadonlyMap<string, Role>;
}

/** Whether a role includes what another one allows. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** A principal together with the role that the called handler declares to need. */
export interface Caller {
  readonly principal: Principal;
  readonly role: Role;
}
