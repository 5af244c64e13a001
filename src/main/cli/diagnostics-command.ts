// `muster diagnostics`: writes a report about this computer, and about the pool whose scheduler runs here, as one ZIP file. It has no keys,
// contents and names (ADR 0037).
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type DiagnosticsFile, diagnosticsPreviewSchema } from '../../shared/api/logs';
import { codeOfError, reasonOfError } from '../../shared/errors';
import { networkFact } from '../app-api/core/network-fact';
import { readJoinedPool } from '../joining/joined-pool-file';
import { examineOwnNetwork } from '../joining/network-doctor';
import { systemClock } from '../platform/clock';
import { CONFIG_PATHS } from '../platform/config/keys';
import { reportedSettings, reportedValue } from '../platform/config/private-keys';
import { readToken } from '../platform/token-file';
import { HttpClient } from '../scheduler-client/http-client';
import { version as VERSION } from '../../../package.json';
import { archiveName, zipOf } from '../diagnostics/archive';
import { collectDiagnostics } from '../diagnostics/collect-diagnostics';
import { withinSize } from '../diagnostics/core/collected';
import { appLogSources } from '../diagnostics/log-files-source';
import type { DiagnosticsFact } from '../contracts/ports';
import type { Command, Invocation } from './command';
import { JOIN_OPTIONS, NODE_OPTIONS, SERVER_OPTIONS } from './common-options';
import { schedulerUrlHere } from './doctor-checks';
import { examineComputer } from './doctor-command';
import type { DoctorReport } from './doctor-report';
import { EXIT } from './exit-code';
import { schedulerHere } from './running-scheduler';
import { type CliFailure, loadCommandSettings, type Settings } from './settings';

export const diagnosticsCommand: Command = {
  name: 'diagnostics',
  summary: 'Write a report for someone who helps you: settings, checks, logs and figures, without keys, contents and names.',
  operands: [],
  options: {
    output: { value: 'FILE', doc: 'The ZIP file. Default: muster-diagnostics-TIME.zip in this folder. An existing file is not replaced.' },
    ...SERVER_OPTIONS,
    ...JOIN_OPTIONS,
    ...NODE_OPTIONS,
  },
  run: runDiagnostics,
};

async function runDiagnostics(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  const loaded = await loadCommandSettings(invocation);
  if (!loaded.ok) return loaded.error;
  const settings = loaded.value;
  const exit = ({ message, exitCode }: CliFailure): number => {
    io.err(`muster: ${message}\n`);
    return exitCode;
  };
  const report = await examineComputer(invocation);
  if (!report.ok) return exit(report.error);
  const ownerKey = await readToken(settings.paths.adminTokenFile);
  const madeWallMs = systemClock.wallMs();
  const own = await collectDiagnostics(
    {
      version: VERSION,
      sources: appLogSources(settings.paths.logsDir),
      secrets: () => Promise.resolve(ownerKey.ok ? [ownerKey.value] : []),
    },
    await factsOf(settings, report.value),
    madeWallMs,
  );
  const running = ownerKey.ok && report.value.network.is_host ? await askScheduler(report.value, ownerKey.value) : [];
  const files = withinSize([...own, ...running]);
  const folder = archiveName(madeWallMs);
  const file = path.resolve(options.text('output') ?? `${folder}.zip`);
  try {
    await writeFile(file, await zipOf(folder, files), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const reason = codeOfError(error) === 'EEXIST' ? 'the file exists' : reasonOfError(error);
    return exit({ exitCode: EXIT.failure, message: `${file} cannot be written: ${reason}` });
  }
  for (const { name, bytes } of files) io.err(`  ${name}  ${String(bytes)} bytes\n`);
  io.out(`${file}\n`);
  return EXIT.ok;
}

async function factsOf(settings: Settings, report: DoctorReport): Promise<readonly DiagnosticsFact[]> {
  const { values, origins, paths } = settings;
  const joined = await readJoinedPool(paths.stateDir);
  const tested = report.network.scheduler;
  // An address may be a host name only.
  const scheduler = tested === null ? null : { ...tested, address: reportedValue('agent.scheduler', tested.address) };
  return [
    { name: 'settings.json', value: reportedSettings(CONFIG_PATHS.map((key) => ({ key, value: values[key], origin: origins[key] }))) },
    { name: 'doctor.json', value: { ...report, network: { ...report.network, scheduler }, node: process.versions.node } },
    { name: 'network.json', value: networkFact(await examineOwnNetwork(schedulerHere(settings), joined)) },
  ];
}

const answerSchema = z.object({ ok: z.literal(true), value: diagnosticsPreviewSchema });

/** The report of the scheduler that runs here, which has its log and the figures of the pool. Empty when it does not answer. */
async function askScheduler({ network: { listen } }: DoctorReport, token: string): Promise<readonly DiagnosticsFile[]> {
  const client = new HttpClient({ baseUrl: schedulerUrlHere(listen), token, timeoutMs: 30_000 });
  const answer = await client.ask({ method: 'POST', path: '/api/v1/app/diagnostics.preview', body: {}, answer: 'list' }, answerSchema);
  return answer.ok ? answer.value.value.files.map((file) => ({ ...file, name: `scheduler-${file.name}` })) : [];
}
