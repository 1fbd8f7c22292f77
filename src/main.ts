import 'reflect-metadata';
import { announce } from './bootstrap-announcement.ts';
import { reportFailedStart } from './bootstrap-failure.ts';
import { readServeSettings } from './bootstrap-settings.ts';
import { createApp } from './bootstrap.ts';

const started: { close(): Promise<void> }[] = [];
try {
  const settings = readServeSettings(process.argv.slice(2));
  const app = await createApp(settings);
  started.push(app);
  // Nest's default sends itself the signal again, which never ends a process with an open stream.
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  await app.listen({ host: settings.server.host, port: settings.server.port });
  await announce(app, settings);
} catch (error) {
  process.exitCode = reportFailedStart(error);
  // What did open before the start failed must not keep the process alive, nor be torn from its work.
  setTimeout(() => process.exit(), 5000).unref();
  for (const app of started) await app.close().catch(() => undefined);
}
