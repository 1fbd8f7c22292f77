import { Injectable, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings, readEnvironment, type Settings } from '../config/load-settings.ts';
import { StderrLogger } from './output/stderr-logger.ts';

/** Settings that an option of the command line overrides, by the name of their variable. */
export type Overrides = Readonly<Record<string, string | undefined>>;

/** Opens the service's parts, without its HTTP, on a data folder. */
@Injectable()
export class Applications {
  /**
   * The settings in effect: options over the environment over `.env`.
   * @throws ConfigError with every fault
   */
  settings(overrides: Overrides): Settings {
    const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
    return loadSettings({ ...readEnvironment(), ...given });
  }

  /**
   * Runs `work` with the opened parts and closes them afterwards, whatever happens.
   * @param logFile descriptor of an open file that gets the log too
   * @throws ConfigError, and whatever opening the data folder or the work throws
   */
  async use<T>(overrides: Overrides, work: (app: INestApplicationContext) => Promise<T>, logFile?: number): Promise<T> {
    // A command says what matters itself; what the parts log at `info` would only stand between.
    const settings = this.settings({ LOG_LEVEL: readEnvironment()['LOG_LEVEL'] ?? 'warn', ...overrides });
    const { RuntimeModule } = await import('./runtime.module.ts');
    const app = await NestFactory.createApplicationContext(RuntimeModule.forRoot(settings), {
      logger: new StderrLogger(settings.logging, logFile),
      abortOnError: false,
    });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }
}
