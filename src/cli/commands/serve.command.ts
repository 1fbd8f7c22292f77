import { Command, Option } from 'nest-commander';
import { Interruption } from '../interruption.ts';
import { StrictCommand } from './strict.command.ts';

/** The launcher starts the service without a command line around it; the service reads these options too. */
@Command({ name: 'serve', description: 'start the service (what `npm start` does)' })
export class ServeCommand extends StrictCommand {
  constructor(private readonly interruption: Interruption) {
    super();
  }

  @Option({ flags: '--data-dir <dir>', description: 'the data folder (default: DATA_DIR, else ./data)' })
  parseDataDir(value: string): string {
    return value;
  }

  @Option({ flags: '--host <host>', description: 'the address to listen on (default: HOST, else 127.0.0.1)' })
  parseHost(value: string): string {
    return value;
  }

  @Option({ flags: '--port <port>', description: 'the port to listen on, 0 for a free one (default: PORT, else 3000)' })
  parsePort(value: string): string {
    return value;
  }

  override async run(): Promise<void> {
    this.interruption.handOver();
    await import(new URL('../../main.js', import.meta.url).href);
  }
}
