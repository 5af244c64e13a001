// Prints the counts of a vitest JSON report as one line. Fails when there is no report, or when it holds a failure or no test at all.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2] ?? 'artifacts/vitest.json', 'utf8'));
const skipped = report.numPendingTests + report.numTodoTests;
if (!report.success || report.numFailedTests > 0 || report.numPassedTests === 0) process.exitCode = 1;
process.stdout.write(`${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped\n`);
