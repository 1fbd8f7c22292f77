import { FakeBlobStore } from '../fakes/fake-blob-store.ts';
import { FakeCacheStore } from '../fakes/fake-cache-store.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeRecordStore } from '../fakes/fake-record-store.ts';
import { describeBlobStore } from './blob-store.contract.ts';
import { describeCacheStore } from './cache-store.contract.ts';
import { describeRecordStore } from './record-store.contract.ts';

const close = (): Promise<void> => Promise.resolve();

describeRecordStore('fake', () => {
  const clock = new FakeClock();
  return Promise.resolve({ store: new FakeRecordStore(clock), clock, close });
});

describeBlobStore('fake', () => {
  const clock = new FakeClock();
  return Promise.resolve({ store: new FakeBlobStore(clock), clock, close });
});

describeCacheStore('fake', () => {
  const clock = new FakeClock();
  return Promise.resolve({ store: new FakeCacheStore(clock), clock, close });
});
