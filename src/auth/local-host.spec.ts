import { isLocalHost } from './local-host.ts';

describe('isLocalHost', () => {
  it.each(['127.0.0.1', '127.0.0.1:3000', 'localhost:3000', 'LOCALHOST', '[::1]:3000', '[::1]'])('knows %s', (host) => {
    expect(isLocalHost(host)).toBe(true);
  });

  it.each([undefined, '', 'rebound.example', 'localhost.rebound.example:3000', '127.0.0.1.rebound.example', '10.0.0.7:3000', '::1'])('does not take %s for this machine', (host) => {
    expect(isLocalHost(host)).toBe(false);
  });
});
