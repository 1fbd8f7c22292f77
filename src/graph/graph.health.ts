import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { describeError } from '../common/errors/describe-error.ts';
import { WorkspaceStore } from './workspace-store.port.ts';

/** Whether questions can be answered from the graph: `rag` in the report. */
@Injectable()
export class GraphHealth {
  constructor(
    private readonly workspaces: WorkspaceStore,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('rag');
    try {
      await this.workspaces.ping();
      return indicator.up({ workspaces: (await this.workspaces.list()).length });
    } catch (error) {
      return indicator.down({ message: describeError(error) });
    }
  }
}
