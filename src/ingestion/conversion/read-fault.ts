import type { ConversionFault } from './conversion.types.ts';

/** A document cannot be read, for a reason of its own. */
export class ReadFault extends Error {
  readonly fault: ConversionFault;

  constructor(code: ConversionFault['code'], message: string, remedy?: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ReadFault';
    this.fault = { code, message, remedy };
  }
}
