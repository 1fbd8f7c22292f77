import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { within } from '../common/concurrency/within.ts';
import { describeError } from '../common/errors/describe-error.ts';
import { WorkspaceStore } from './workspace-store.port.ts';

/** How long the count of workspaces is waited for: with the ping the answer comes within two seconds, also when the store goes away between. */
const COUNT_MS = 300;

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
      const workspaces = await this.#count();
      return indicator.up(workspaces === undefined ? {} : { workspaces });
    } catch (error) {
      return indicator.down({ message: describeError(error) });
    }
  }

  /** Nothing while the store is too busy to count. */
  async #count(): Promise<number | undefined> {
    const late = new Error('the workspaces are not counted yet');
    try {
      return (await within(COUNT_MS, this.workspaces.list(), () => late)).length;
    } catch (error) {
      if (error === late) return undefined;
      throw error;
    }
  }
}
