import { unzipSync, zipSync } from 'fflate';
import type { ConversionLimits } from '../conversion.types.ts';
import { ReadFault } from '../read-fault.ts';

/** An office document has hundreds of entries, not more. */
const MAX_ENTRIES = 20_000;

/**
 * The wanted entries of a ZIP archive, unpacked in memory; nothing is ever written to a disk, so their paths can do no harm. What the
 * archive says of its sizes is checked before anything is unpacked, and no entry gets more room than it said.
 * @throws ReadFault `document-limit`, `document-malformed`
 */
export function unpacked(bytes: Uint8Array, wanted: (name: string) => boolean, { maxUnpackedBytes }: ConversionLimits): Map<string, Uint8Array> {
  let [entries, size] = [0, 0];
  const files = read(bytes, ({ name, originalSize }) => {
    entries += 1;
    size += originalSize;
    if (entries > MAX_ENTRIES) throw new ReadFault('document-limit', `It has more than ${String(MAX_ENTRIES)} entries.`);
    if (size > maxUnpackedBytes) throw new ReadFault('document-limit', `Unpacked it is larger than ${String(Math.round(maxUnpackedBytes / 1_000_000))} MB.`, 'Split it, or save what matters as a file of its own.');
    return wanted(name);
  });
  return new Map(Object.entries(files));
}

function read(bytes: Uint8Array, filter: (entry: { readonly name: string; readonly originalSize: number }) => boolean): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof ReadFault) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReadFault('document-malformed', `It is no whole ZIP archive, which an office document is: ${reason}.`, 'Open it in the program it comes from and save it anew.', error);
  }
}

/**
 * The same archive with nothing in it that was not unpacked under the limits: for libraries that unpack by themselves and believe an entry
 * whatever it turns out to hold.
 * @throws as `unpacked`
 */
export function bounded(bytes: Uint8Array, limits: ConversionLimits): { readonly files: Map<string, Uint8Array>; readonly archive: Uint8Array } {
  const files = unpacked(bytes, () => true, limits);
  return { files, archive: zipSync(Object.fromEntries(files), { level: 0 }) };
}

/** The text of an entry of an archive. */
export function textOf(bytes: Uint8Array): string {
  const label = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(label).decode(bytes);
}
