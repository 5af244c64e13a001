// `muster doctor`: checks this computer and prints every finding with its reason. It starts no service and changes nothing.
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { ModelView } from '../../shared/api/agent-view';
import { fail, ok, type Result } from '../../shared/result';
import { readPulls } from '../agent/pulls-file';
import { toHardwareView, toModelView, toRuntimeView } from '../agent/core/agent-view';
import { poolUrlOf } from '../joining/core/joined-pool';
import { readJoinedPool } from '../joining/joined-pool-file';
import { createConnectionTester } from '../scheduler-client/connection-test';
import type { HardwareProber } from '../hardware/probe/prober';
import type { HardwareReport } from '../hardware/parse/types';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { readToken } from '../platform/token-file';
import { version as VERSION } from '../../../package.json';
import { toRuntimeModel } from '../runtimes/core/command/folder-snapshot';
import type { ModelFoldersSnapshot } from '../runtimes/core/model-folders/local-model';
import { ModelFolders } from '../runtimes/model-folders/model-folders';
import { httpRuntimes } from '../runtimes/http/http-runtimes';
import { modelsToPull, listedNames, wantedView } from '../runtimes/core/pulls/pull-machine';
import type { RuntimeModel } from '../runtimes/core/runtime-snapshot';
import type { Command, Invocation } from './command';
import { JOIN_OPTIONS, JSON_OPTION, NODE_OPTIONS, SERVER_OPTIONS } from './common-options';
import { checkBus } from './doctor-bus';
import { checkDatabase } from './doctor-database';
import { checkFolder, checkOllamaPort, checkPort, isOwnScheduler, simulatedGpus } from './doctor-checks';
import { type DoctorReport, doctorExitCode, doctorText } from './doctor-report';
import { EXIT } from './exit-code';
import { runNetworkDoctor } from './network-doctor-command';
import { openProber } from './hardware-prober';
import { schedulerHere } from './running-scheduler';
import { type CliFailure, commandLogger, configFailure, loadSettings, type Settings } from './settings';
import { messageContextOf } from './core/message-context';

export const doctorCommand: Command = {
  name: 'doctor',
  summary:
    'Check this computer: GPUs, model servers, models, connection to the scheduler, the database and the bus of a cluster, port, folders.',
  operands: [],
  options: {
    network: { value: null, doc: 'Check the local network instead: interfaces, multicast, firewalls, VPN. Takes at most 5 s.' },
    ...SERVER_OPTIONS,
    ...JOIN_OPTIONS,
    ...NODE_OPTIONS,
    ...JSON_OPTION,
  },
  run: runDoctor,
};

/** Checksums of large models take longer. Models that are not verified within this time are shown as `verifying`. */
const VERIFY_WITHIN_MS = 30_000;

async function runDoctor(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  if (options.isSet('network')) return runNetworkDoctor(invocation);
  const report = await examineComputer(invocation);
  if (!report.ok) {
    io.err(`muster: ${report.error.message}\n`);
    return report.error.exitCode;
  }
  io.out(options.isSet('json') ? `${JSON.stringify(report.value, null, 2)}\n` : doctorText(report.value, messageContextOf(io.env)));
  return doctorExitCode(report.value);
}

/** What `muster doctor` finds, for other commands, too. */
export async function examineComputer(invocation: Invocation): Promise<Result<DoctorReport, CliFailure>> {
  const settings = await loadSettings(invocation);
  if (!settings.ok) return fail(configFailure(settings.error));
  const { config, paths, configFile } = settings.value;
  const logger = commandLogger(settings.value, invocation.io);
  const prober = openProber(settings.value, invocation.io, logger);
  if (!prober.ok) return fail(configFailure(prober.error));
  try {
    const inventory = await prober.value.inventory();
    const folders = await modelFolders(settings.value);
    const found = await probeModels({
      folders,
      cacheFile: path.join(paths.stateDir, 'model-hashes.json'),
      prober: prober.value,
      inventory,
      logger,
    });
    const probes = await Promise.all(httpRuntimes(config.runtimes, systemClock).map((runtime) => runtime.probe()));
    const served = probes.flatMap(({ models }) => models);
    const scheduler = await testSchedulerConnection(settings.value);
    if (!scheduler.ok) return scheduler;
    const { cluster } = config;
    const { host, port } = schedulerHere(settings.value);
    const listen = await checkPort(host, port);
    const isHost = listen.state === 'scheduler' && (await isOwnScheduler(listen, paths.adminTokenFile));
    return ok({
      version: VERSION,
      hardware: toHardwareView(inventory, null),
      models: [
        ...found.models.map((model) => toModelView(toRuntimeModel(model), model.folder, null)),
        ...served.map((model) => toModelView(model, '', null)),
        ...missingModelViews(settings.value, [...found.models.map(toRuntimeModel), ...served]),
      ],
      runtimes: probes.map(({ runtime }) => toRuntimeView(runtime)),
      model_problems: found.problems.map((problem) => ({ ...problem })),
      model_folders: folders,
      network: {
        scheduler: scheduler.value,
        listen,
        ollama_port:
          config.server.ollamaPort === 0 ? null : await checkOllamaPort(config.server.host, config.server.ollamaPort, paths.adminTokenFile),
        is_host: isHost,
        cluster_database: cluster === null ? null : await checkDatabase(cluster, invocation.io.env, systemClock),
        cluster_bus: cluster?.bus == null ? null : await checkBus(cluster.bus, paths.dataDir, systemClock),
      },
      folders: [
        await checkFolder('configuration', path.dirname(configFile)),
        await checkFolder('data', paths.dataDir),
        await checkFolder('state', paths.stateDir),
      ],
      simulated_gpus: isHost ? await simulatedGpus(listen, paths) : [],
    });
  } finally {
    prober.value.close();
  }
}

/** The configured folders. A missing default folder is not a fault: the agent creates it. */
async function modelFolders({ config, paths }: Settings): Promise<readonly string[]> {
  if (config.agent.modelFolders.length > 0) return config.agent.modelFolders;
  const exists = await access(paths.modelsDir).then(
    () => true,
    () => false,
  );
  return exists ? [paths.modelsDir] : [];
}

/** Models of `runtimes.pull_models` that are not installed, in the state that a running agent has stored. */
function missingModelViews({ config, paths }: Settings, installed: readonly RuntimeModel[]): readonly ModelView[] {
  const names = modelsToPull(listedNames(config.runtimes.pullModels), installed);
  const known = new Map(readPulls(paths.stateDir)?.map((model) => [model.model_id, model]));
  return names.map((name) => known.get(name) ?? toModelView(wantedView(name), '', null));
}

interface ModelProbeOptions {
  readonly folders: readonly string[];
  readonly cacheFile: string;
  readonly prober: HardwareProber;
  readonly inventory: HardwareReport;
  readonly logger: Logger;
}

async function probeModels({ folders: names, cacheFile, prober, inventory, logger }: ModelProbeOptions): Promise<ModelFoldersSnapshot> {
  const usable = inventory.adapters.filter(({ verdict, available }) => verdict.accepted && available);
  const folders = new ModelFolders({
    folders: () => names,
    cacheFile,
    clock: systemClock,
    logger,
    processesAlive: (names) => prober.processesAlive(names),
    largestGpuGb: () => Math.max(0, ...usable.map(({ memoryGb }) => memoryGb ?? 0)),
  });
  try {
    await folders.start();
    await untilVerified(folders);
    return folders.snapshot();
  } finally {
    folders.stop();
  }
}

const isVerifying = ({ models }: ModelFoldersSnapshot): boolean => models.some(({ readiness }) => readiness.reasonCode === 'verifying');

function untilVerified(folders: ModelFolders): Promise<void> {
  return new Promise((resolve) => {
    if (!isVerifying(folders.snapshot())) {
      resolve();
      return;
    }
    const end = () => {
      timer.cancel();
      unsubscribe();
      resolve();
    };
    const timer = systemClock.setTimer(VERIFY_WITHIN_MS, end);
    const unsubscribe = folders.onChange(() => {
      if (!isVerifying(folders.snapshot())) end();
    });
  });
}

/** The scheduler of the configuration, else the pool that this computer joined. */
async function testSchedulerConnection({ config, paths }: Settings): Promise<Result<DoctorReport['network']['scheduler'], CliFailure>> {
  const { schedulerUrl, tokenFile } = config.agent;
  if (schedulerUrl === null) return ok(await testJoinedPool(paths.stateDir));
  const token = tokenFile === null ? null : await readToken(tokenFile);
  if (token?.ok === false)
    return fail({ exitCode: EXIT.configInvalid, message: `the token file ${token.error.file}: ${token.error.reason}` });
  const steps = await createConnectionTester()({ address: schedulerUrl, ...(token === null ? {} : { token: token.value }) });
  return ok({ address: schedulerUrl, steps });
}

/** No credential is sent: the agent renews the one of a node. So the steps end with the identity of the pool. */
async function testJoinedPool(stateDir: string): Promise<DoctorReport['network']['scheduler']> {
  const joined = await readJoinedPool(stateDir);
  const [host] = joined?.addresses ?? [];
  if (joined === null || host === undefined) return null;
  const address = `${poolUrlOf(host, joined.port)}#pin=${joined.pin}`;
  const steps = await createConnectionTester()({ address });
  return { address, steps: steps.filter(({ step }) => step !== 'token' && step !== 'protocol') };
}
