import 'reflect-metadata';
import { Interruption } from './interruption.ts';

// Made before the rest is loaded, so that Ctrl-C during the start already ends with its exit code.
const interruption = new Interruption();
const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine(interruption);
// A connection that a server keeps open must not hold the command back.
if (!interruption.isHandedOver) setTimeout(() => process.exit(), 2000).unref();
