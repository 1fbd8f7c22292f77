import type { TextSample } from '../document-parser.port.ts';
import type { BlockAssembler } from './block-assembler.ts';
import { LineParser, type LineReader } from './line-parser.ts';
import type { Line } from './scan-lines.ts';

const READER: LineReader = {
  line(line: Line, blocks: BlockAssembler): void {
    if (line.text.trim() === '') blocks.blank(line);
    else if (blocks.kind === undefined) blocks.open(line, { kind: 'paragraph' });
    else blocks.add(line);
  },
};

/** Text without structure but blank lines between paragraphs. Reads whatever nothing else does. */
export class PlainTextParser extends LineParser {
  override readonly format = 'text';
  override readonly version = 1;
  override readonly mediaType = 'text/plain';

  override confidence(): number {
    return 0.1;
  }

  override titleOf(_sample: TextSample): string | undefined {
    return undefined;
  }

  protected override reader(): LineReader {
    return READER;
  }
}
