// The gate: format, lint, types, dead code, tests. `npm run ok` runs it, and so does .ci/run.
// Plain JavaScript, because .ci/run begins before anything is installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(repository, 'node_modules', '.bin', name);

/** Several times what the tests take on two cores; one that hangs must not hold the gate for ever. */
const STEP_TIMEOUT_MS = 3_600_000;

/** Enough for a property's seed and counterexample, and for what was expected beside what came. */
const WHY_LINES_MAX = 14;
const WHY_COLUMNS_MAX = 1_000;

const checks = [
  { name: 'format', command: [bin('oxfmt'), '--check', '.'] },
  { name: 'lint', command: [bin('oxlint'), '--type-aware'] },
  { name: 'types', command: [bin('tsc'), '--noEmit'] },
  { name: 'dead code', command: [bin('knip')] },
];

const testsFirst = process.argv.includes('--tests-first');
const results = testsFirst ? [runTests(), ...runChecks()] : [...runChecks(), runTests()];
const failed = results.reduce((sum, result) => sum + result.failed, 0);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
print('');
for (const { name, failed: bad, elapsedMs, failures = [] } of results) {
  print(`${bad === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(10)} ${(elapsedMs / 1000).toFixed(1)} s`);
  for (const failure of failures) {
    print(failure);
  }
}
if (process.argv.includes('--count')) {
  print(`${passed} passed, ${failed} failed`);
}
process.exitCode = failed === 0 ? 0 : 1;

function runChecks() {
  return checks.map(({ name, command }) => {
    const { isFine, elapsedMs } = run(name, command);
    return { name, passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, elapsedMs };
  });
}

function runTests() {
  const folder = mkdtempSync(path.join(tmpdir(), 'quartermaster-ok-'));
  const report = path.join(folder, 'tests.json');
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { isFine, elapsedMs } = run('tests', ['npm', 'test', '--', ...flags]);
  const counted = countTests(report);
  rmSync(folder, { recursive: true });
  // A run that broke off has failed, whatever its tests said until then.
  const failures = isFine ? counted.failed : Math.max(1, counted.failed);
  return {
    name: 'tests',
    passed: counted.passed,
    failed: failures,
    failures: counted.failures,
    elapsedMs,
  };
}

/** Files that could not be loaded have no tests to count: each is one failure. */
function countTests(report) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const broken = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    );
    const failures = [
      ...testResults.flatMap(failuresIn),
      ...broken.map(({ name }) => `     ${name}`),
    ];
    return { passed: numPassedTests, failed: numFailedTests + broken.length, failures };
  } catch {
    return { passed: 0, failed: 1, failures: ['     the tests left no report'] };
  }
}

/** The names of what failed in a file, each with the first lines of why. */
function failuresIn({ name, assertionResults }) {
  return assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages: [why = ''] }) => {
      const lines = why.split('\n').slice(0, WHY_LINES_MAX);
      const said = lines.map((line) => `       ${line.slice(0, WHY_COLUMNS_MAX)}`).join('\n');
      return `     ${path.relative(repository, name)}: ${fullName}\n${said}`;
    });
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function run(name, [file, ...args]) {
  print(`\n── ${name}`);
  const began = Date.now();
  const done = spawnSync(file, args, {
    cwd: repository,
    stdio: 'inherit',
    timeout: STEP_TIMEOUT_MS,
  });
  if (done.error) {
    print(done.error.message);
  }
  return { isFine: done.status === 0, elapsedMs: Date.now() - began };
}
