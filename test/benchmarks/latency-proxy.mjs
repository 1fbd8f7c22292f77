// A thread that puts a proxy with latency before a server, and tells the port it listens on: in the thread that measures it would be measured too.
import { parentPort, workerData } from 'node:worker_threads';
import { TcpFaultProxy } from '../fakes/tcp-fault-proxy.ts';

const { host, port, delayMs } = workerData;
const proxy = await TcpFaultProxy.start({ host, port });
proxy.latency({ toServerMs: delayMs, toClientMs: delayMs });
parentPort.postMessage(proxy.port);
