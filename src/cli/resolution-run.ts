import type { INestApplicationContext } from '@nestjs/common';
import type { Workspace } from '../graph/graph.types.ts';
import { type ResolutionReport, ResolutionService } from '../ingestion/resolution/resolution.service.ts';
import { ProgressBar } from './output/progress-bar.ts';
import type { Terminal } from './output/terminal.ts';

/** Resolves the entities of a workspace, with a bar that shows how far it is. Throws as `ResolutionService.resolve`. */
export async function resolveEntities(
  app: INestApplicationContext,
  terminal: Terminal,
  request: { readonly workspace: Workspace; readonly signal: AbortSignal; readonly dryRun?: boolean },
): Promise<ResolutionReport> {
  const bar = new ProgressBar(terminal);
  try {
    return await app.get(ResolutionService, { strict: false }).resolve({ ...request, onProgress: bar.update.bind(bar) });
  } finally {
    bar.stop();
  }
}
