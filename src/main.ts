import 'reflect-metadata';
import { createApp } from './bootstrap.ts';
import { announce } from './bootstrap-announcement.ts';
import { readServeSettings } from './bootstrap-settings.ts';
import { reportFailedStart } from './bootstrap-failure.ts';

try {
  const settings = readServeSettings(process.argv.slice(2));
  const app = await createApp(settings);
  // Nest's default sends itself the signal again, which never ends a process with an open stream.
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  await app.listen({ host: settings.server.host, port: settings.server.port });
  await announce(app, settings);
} catch (error) {
  process.exitCode = reportFailedStart(error);
  // What did open before the start failed must not keep the process alive.
  setTimeout(() => process.exit(), 1000).unref();
}
