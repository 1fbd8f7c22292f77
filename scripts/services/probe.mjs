/*
 * Waits until a server really answers: `probe.mjs neo4j|redis|memcached PORT SECONDS [PID]`, the password in SERVICE_PASSWORD.
 * Exits with 0 when it has answered, with 1 when the time is over or the process has ended. Needs no package but Neo4j's driver.
 */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const HOST = '127.0.0.1';
const ATTEMPT_MS = 2000;
const PAUSE_MS = 200;
const [name, port, seconds, pid] = process.argv.slice(2);
const password = process.env.SERVICE_PASSWORD ?? '';

/** Sends a line or more and waits for an answer that fits. */
function ask(request, expected) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: HOST, port: Number(port) });
    let answer = '';
    socket.setEncoding('utf8').setTimeout(ATTEMPT_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('connect', () => socket.write(request));
    socket.on('data', (text) => {
      answer += text;
      if (expected.test(answer)) resolve(socket.destroy());
      else if (/^-|^ERROR/m.test(answer)) socket.destroy(new Error(answer.trim()));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${JSON.stringify(answer)}`)));
  });
}

/** A handshake, a sign-in and a query. */
async function queryNeo4j() {
  const { default: neo4j } = await import('neo4j-driver');
  const driver = neo4j.driver(`bolt://${HOST}:${port}`, neo4j.auth.basic('neo4j', password), {
    connectionTimeout: ATTEMPT_MS,
    maxTransactionRetryTime: 0,
  });
  try {
    await Promise.race([
      driver.executeQuery('RETURN 1', {}, { database: 'neo4j' }),
      delay(3 * ATTEMPT_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('no answer in time'))),
    ]);
  } finally {
    await Promise.race([driver.close(), delay(ATTEMPT_MS, undefined, { ref: false })]);
  }
}

const probes = {
  neo4j: queryNeo4j,
  redis: () => ask(`AUTH ${password}\r\nPING\r\n`, /^\+OK\r\n\+PONG\r\n/),
  memcached: () => ask('version\r\n', /^VERSION /),
};

function alive() {
  try {
    return pid === undefined || process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const deadline = Date.now() + Number(seconds) * 1000;
let last;
do {
  try {
    await probes[name]();
    process.exit(0);
  } catch (error) {
    last = error;
    // A missing package is not cured by waiting.
    if (error.code === 'ERR_MODULE_NOT_FOUND') break;
  }
  await delay(PAUSE_MS);
} while (Date.now() < deadline && alive());
process.stderr.write(`${name} on ${HOST}:${port} does not answer: ${last?.message ?? 'no reason known'}\n`);
process.exit(1);
