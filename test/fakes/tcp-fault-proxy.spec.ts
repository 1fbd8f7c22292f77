import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from './eventually.ts';
import { TcpFaultProxy } from './tcp-fault-proxy.ts';

const BYTES = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251));

/** Before a server that sends everything back. */
describe('TcpFaultProxy', () => {
  let echo: Server;
  let proxy: TcpFaultProxy;
  const clients: Socket[] = [];

  beforeEach(async () => {
    echo = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    proxy = await TcpFaultProxy.start({ port: (echo.address() as AddressInfo).port, seed: 7 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.stop();
    await new Promise((resolve) => echo.close(resolve));
  });

  const dial = async (): Promise<{ socket: Socket; received: Buffer[]; faults: Error[] }> => {
    const socket = connect({ port: proxy.port, host: '127.0.0.1' });
    clients.push(socket);
    const received: Buffer[] = [];
    const faults: Error[] = [];
    socket.on('data', (bytes: Buffer) => received.push(bytes));
    socket.on('error', (error) => faults.push(error));
    await once(socket, 'connect');
    return { socket, received, faults };
  };
  const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => { resolve(); }));
  const lengthOf = (parts: readonly Buffer[]): number => parts.reduce((sum, part) => sum + part.byteLength, 0);

  it('passes bytes and ends on unchanged', async () => {
    const { socket, received } = await dial();
    socket.end(BYTES);
    await closed(socket);
    expect(Buffer.concat(received)).toEqual(BYTES);
    await eventually(() => proxy.open === 0);
    expect(proxy.accepted).toBe(1);
  });

  it('delays bytes each way, those of one connection together and in order', async () => {
    proxy.latency({ toServerMs: 30, toClientMs: 20, jitterMs: 5 });
    const { socket, received } = await dial();
    const start = performance.now();
    for (let i = 0; i < BYTES.byteLength; i += 100) socket.write(BYTES.subarray(i, i + 100));
    await eventually(() => lengthOf(received) === BYTES.byteLength);
    const tookMs = performance.now() - start;
    expect(Buffer.concat(received)).toEqual(BYTES);
    expect(tookMs).toBeGreaterThanOrEqual(49);
    // Fifty writes one after the other would have taken two and a half seconds.
    expect(tookMs).toBeLessThan(2000);
  });

  it('holds everything back while it stalls, and loses nothing', async () => {
    const { socket, received } = await dial();
    proxy.stall();
    socket.write(BYTES);
    const other = await dial();
    other.socket.write('late');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([received.length, other.received.length, proxy.open]).toEqual([0, 0, 2]);
    proxy.resume();
    await eventually(() => lengthOf(received) === BYTES.byteLength && lengthOf(other.received) === 4);
    expect(Buffer.concat(received)).toEqual(BYTES);
  });

  it('cuts bytes into small pieces', async () => {
    proxy.slice(40);
    const { socket, received } = await dial();
    socket.end(BYTES);
    await closed(socket);
    expect(Buffer.concat(received)).toEqual(BYTES);
    expect(received.length).toBeGreaterThan(10);
  });

  it('resets a connection at its limit, after exactly so many bytes', async () => {
    proxy.limitBytes(1234);
    const { socket, received, faults } = await dial();
    socket.write(BYTES);
    await closed(socket);
    // What was under way may be lost with a reset, but no byte more can have come.
    expect(lengthOf(received)).toBeLessThanOrEqual(1234);
    expect(faults).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('resets what is open and takes new connections', async () => {
    const { socket, faults } = await dial();
    await eventually(() => proxy.open === 1);
    proxy.reset();
    await closed(socket);
    expect(faults).toMatchObject([{ code: 'ECONNRESET' }]);
    const next = await dial();
    next.socket.write('x');
    await eventually(() => next.received.length === 1);
  });

  it('cuts off old and new connections until it is healed', async () => {
    const { socket } = await dial();
    proxy.cutOff();
    await closed(socket);
    const refused = connect({ port: proxy.port, host: '127.0.0.1' });
    refused.on('error', () => undefined);
    await closed(refused);
    expect(refused.bytesRead).toBe(0);
    proxy.heal();
    const next = await dial();
    next.socket.write('x');
    await eventually(() => next.received.length === 1);
  });

  it('resets the client when there is no server', async () => {
    const gone = await TcpFaultProxy.start({ port: 1 });
    const socket = connect({ port: gone.port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await closed(socket);
    await gone.stop();
  });
});
