import { AppError } from '../common/errors/app-error.ts';

/** One fault of a setting. */
export interface SettingFault {
  readonly variable: string;
  /** What is wrong with its value, and what would be right. */
  readonly fault: string;
}

/** Settings that cannot be used; lists every fault at once. */
export class ConfigError extends AppError {
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    const lines = faults.map(({ variable, fault }) => `  ${variable} ${fault}`);
    super('configuration-invalid', `These settings cannot be used:\n${lines.join('\n')}`, {
      remedy: 'Correct them in the environment or in .env; .env.example shows every setting with its default.',
      details: { faults },
    });
    this.faults = faults;
  }
}
