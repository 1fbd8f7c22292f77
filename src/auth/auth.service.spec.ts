import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { FakeIdSource } from '../../test/fakes/fake-id-source.ts';
import { FakeRecordStore } from '../../test/fakes/fake-record-store.ts';
import type { AuthConfig } from '../config/auth.config.ts';
import { StorageError } from '../storage/storage.errors.ts';
import { SYSTEM_SCOPE } from '../storage/storage.types.ts';
import { AdminService } from './admin.service.ts';
import { AuthService } from './auth.service.ts';
import { KeyService } from './key.service.ts';
import { SignInService } from './sign-in.service.ts';
import { TokenService } from './token.service.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A process of the service over a store that several of them may share. */
function start(records: FakeRecordStore, clock: FakeClock, config: Partial<AuthConfig> = {}) {
  const full: AuthConfig = { mode: 'closed', adminApiKey: undefined, jwtSecret: undefined, jwtTtlMs: HOUR, ...config };
  const admin = new AdminService(records, ids, full);
  const keys = new KeyService(records, ids, clock);
  const tokens = new TokenService(records, ids, clock, full);
  return { admin, keys, tokens, auth: new AuthService(records, admin, keys, tokens, full), signIn: new SignInService(tokens, admin, clock) };
}

const ids = new FakeIdSource();

describe('auth', () => {
  let clock: FakeClock;
  let records: FakeRecordStore;

  beforeEach(() => {
    clock = new FakeClock();
    records = new FakeRecordStore(clock);
  });

  const refused = { code: 'credentials-invalid' };

  describe('the instance admin', () => {
    it('is made once; the key is shown to one and kept by nobody', async () => {
      const first = start(records, clock);
      const key = (await first.admin.ensure()) ?? '';
      expect(key).toMatch(/^grc_admin_/);
      expect(await start(records, clock).admin.ensure()).toBeUndefined();
      expect(await first.auth.authenticate(key)).toMatchObject({ subject: 'admin', instanceAdmin: true });
      const kept = await records.list(SYSTEM_SCOPE, '');
      expect(JSON.stringify(kept)).not.toContain(key.slice('grc_admin_'.length));
    });

    it('is one when several processes start at once', async () => {
      const made = await Promise.all([1, 2, 3].map(() => start(records, clock).admin.ensure()));
      const keys = made.filter((key) => key !== undefined);
      expect(keys).toHaveLength(1);
      await expect(start(records, clock).auth.authenticate(keys[0] ?? '')).resolves.toMatchObject({ instanceAdmin: true });
    });

    it('has the key of ADMIN_API_KEY and no other while that is set', async () => {
      const made = (await start(records, clock).admin.ensure()) ?? '';
      const configured = start(records, clock, { adminApiKey: 'the-operators-own-key' });
      expect(await configured.admin.ensure()).toBeUndefined();
      await expect(configured.auth.authenticate('the-operators-own-key')).resolves.toMatchObject({ instanceAdmin: true });
      await expect(configured.auth.authenticate(made)).rejects.toMatchObject(refused);
    });

    it('gets a key of its own when ADMIN_API_KEY is taken away again', async () => {
      await start(records, clock, { adminApiKey: 'the-operators-own-key' }).admin.reset();
      const after = start(records, clock);
      const key = (await after.admin.ensure()) ?? '';
      await expect(after.auth.authenticate(key)).resolves.toMatchObject({ instanceAdmin: true });
    });

    it('has a new key after a reset, known to a running process, and the old key and tokens end', async () => {
      const running = start(records, clock);
      const old = (await running.admin.ensure()) ?? '';
      const { access_token } = await running.signIn.redeem(await running.tokens.createOneTime());
      const fresh = (await start(records, clock).admin.reset()) ?? '';
      await expect(running.auth.authenticate(fresh)).resolves.toMatchObject({ instanceAdmin: true });
      await expect(running.auth.authenticate(old)).rejects.toMatchObject(refused);
      await expect(running.auth.authenticate(access_token)).rejects.toMatchObject(refused);
    });
  });

  describe('a workspace key', () => {
    it('grants its role there, and reading the guide', async () => {
      const { keys, auth } = start(records, clock);
      const { key, id } = await keys.create('uid-1', 'write');
      await records.put(SYSTEM_SCOPE, 'guide', { uid: 'uid-guide' });
      const principal = await auth.authenticate(key);
      expect(principal).toMatchObject({ subject: `key:${id}`, instanceAdmin: false });
      expect([...principal.grants]).toEqual([['uid-guide', 'read'], ['uid-1', 'write']]);
    });

    it('grants its role there while the guide is being made', async () => {
      const { keys, auth } = start(records, clock);
      await records.put(SYSTEM_SCOPE, 'guide', {});
      const { key } = await keys.create('uid-1', 'read');
      expect([...(await auth.authenticate(key)).grants]).toEqual([['uid-1', 'read']]);
    });

    it('of the guide keeps its own role', async () => {
      const { keys, auth } = start(records, clock);
      await records.put(SYSTEM_SCOPE, 'guide', { uid: 'uid-guide' });
      const { key } = await keys.create('uid-guide', 'admin');
      expect([...(await auth.authenticate(key)).grants]).toEqual([['uid-guide', 'admin']]);
    });

    it('is refused with another secret, and is kept as a hash', async () => {
      const { keys, auth } = start(records, clock);
      const { key, id } = await keys.create('uid-1', 'read');
      await expect(auth.authenticate(`grc_${id}_${'x'.repeat(43)}`)).rejects.toMatchObject(refused);
      expect(JSON.stringify(await records.list(SYSTEM_SCOPE, ''))).not.toContain(key.split('_').slice(2).join('_'));
    });

    it('is listed, page after page, without its secret', async () => {
      const { keys } = start(records, clock);
      for (let nth = 0; nth < 105; nth += 1) await keys.create(`uid-${String(nth)}`, 'read');
      const listed = await keys.list();
      expect(listed).toHaveLength(105);
      expect(Object.keys(listed[0] ?? {}).sort()).toEqual(['createdAt', 'id', 'role', 'workspaceUid']);
    });
  });

  describe('a token', () => {
    it('from the printed address works once, for a day', async () => {
      const { tokens, signIn } = start(records, clock);
      const [used, late] = [await tokens.createOneTime(), await tokens.createOneTime()];
      await signIn.redeem(used);
      await expect(signIn.redeem(used)).rejects.toMatchObject(refused);
      await clock.advance(DAY);
      await expect(signIn.redeem(late)).rejects.toMatchObject(refused);
    });

    it('is worth nothing after its time, or with another secret', async () => {
      const { admin, auth, signIn, tokens } = start(records, clock);
      await admin.ensure();
      const { access_token } = await signIn.redeem(await tokens.createOneTime());
      await expect(start(records, clock).auth.authenticate(access_token)).resolves.toMatchObject({ instanceAdmin: true });
      await expect(start(records, clock, { jwtSecret: 'x'.repeat(32) }).auth.authenticate(access_token)).rejects.toMatchObject(refused);
      await clock.advance(HOUR);
      await expect(auth.authenticate(access_token)).rejects.toMatchObject(refused);
    });

    it('is renewed for thirty days, then a key is asked for', async () => {
      const { admin, auth, signIn, tokens } = start(records, clock, { jwtTtlMs: DAY });
      await admin.ensure();
      let { access_token } = await signIn.redeem(await tokens.createOneTime());
      // 31 times 23 hours are not quite thirty days; one time more is beyond.
      for (let nth = 0; nth < 31; nth += 1) {
        await clock.advance(23 * HOUR);
        ({ access_token } = await signIn.renew(await auth.authenticate(access_token), access_token));
      }
      await clock.advance(23 * HOUR);
      await expect(signIn.renew(await auth.authenticate(access_token), access_token)).rejects.toMatchObject(refused);
    });
  });

  it('says that the store is away, not that the key is wrong', async () => {
    const { keys, auth } = start(records, clock);
    const { key } = await keys.create('uid-1', 'read');
    records.fault = new StorageError('store-unavailable', 'away');
    await expect(auth.authenticate(key)).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});
