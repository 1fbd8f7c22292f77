import { describeProgramRunner } from '../../test/contract/program-runner.contract.ts';
import { sqliteStack } from '../../test/fixtures/graph-stack.ts';
import { COUNT } from '../../test/fixtures/look-up-programs.ts';
import { PortProgramRunner } from './port-program-runner.ts';

describeProgramRunner('over the ports', () => {
  const stack = sqliteStack();
  return Promise.resolve({ stack, runner: new PortProgramRunner(stack.index, stack.graph) });
}, 'each look-up is a call of its own and sees what is published then');

describe('PortProgramRunner', () => {
  it('does not wait for a look-up that does not come back once it is aborted', async () => {
    const stack = sqliteStack();
    const controller = new AbortController();
    const searchText = (): Promise<never> => {
      setImmediate(() => { controller.abort(new Error('enough')); });
      return new Promise(() => undefined);
    };
    const runner = new PortProgramRunner(Object.assign(stack.index, { searchText }), stack.graph);
    await expect(runner.run({ uid: 'any' }, COUNT, 'oslo', { signal: controller.signal })).rejects.toThrow('enough');
    await stack.close();
  });
});
