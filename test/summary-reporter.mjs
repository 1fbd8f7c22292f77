/** Ends a run with the plain line `N passed, N failed, N skipped` that continuous integration reads. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const failedSuites = results.numRuntimeErrorTestSuites;
    const failed = results.numFailedTests + failedSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stderr.write(`\n${String(results.numPassedTests)} passed, ${String(failed)} failed, ${String(skipped)} skipped\n`);
  }
}
