// `muster doctor`: what this machine has and lacks, each with the reason. It starts nothing that stays and changes nothing.
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { ModelView } from '../../shared/api/agent-view';
import { fail, ok, type Result } from '../../shared/result';
import { readPulls } from '../agent/pulls-file';
import { toHardwareView, toModelView, toRuntimeView } from '../agent/core/agent-view';
import { createJoinTester } from '../scheduler-client/connection-test';
import type { HardwareProber } from '../hardware/probe/prober';
import type { HardwareReport } from '../hardware/parse/types';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { readToken } from '../platform/token-file';
import { VERSION } from '../platform/version';
import { toRuntimeModel } from '../runtimes/core/command/folder-snapshot';
import type { ModelFoldersSnapshot } from '../runtimes/core/model-folders/local-model';
import { ModelFolders } from '../runtimes/model-folders/model-folders';
import { httpRuntimes } from '../runtimes/http/http-runtimes';
import { missingModels, wantedNames, wantedView } from '../runtimes/core/pulls/pull-machine';
import type { RuntimeModel } from '../runtimes/core/runtime-snapshot';
import type { Command, Invocation } from './command';
import { JOIN_OPTIONS, JSON_OPTION, NODE_OPTIONS, SERVER_OPTIONS } from './common-options';
import { checkFolder, checkPort } from './doctor-checks';
import { type DoctorReport, doctorExitCode, doctorText } from './doctor-report';
import { EXIT } from './exit-code';
import { openProber } from './hardware-prober';
import { type CliFailure, commandLogger, configFailure, loadSettings, type Settings } from './settings';
import { wordingOf } from './core/labels';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Say what this machine has: each GPU and why it is accepted or refused, runtimes, models, ways to the scheduler, folders.',
  operands: [],
  options: { ...SERVER_OPTIONS, ...JOIN_OPTIONS, ...NODE_OPTIONS, ...JSON_OPTION },
  run: runDoctor,
};

/** Checksums of large models take longer: what is not verified by then is shown as such. */
const VERIFY_WITHIN_MS = 30_000;

async function runDoctor(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  const report = await examine(invocation);
  if (!report.ok) {
    io.err(`muster: ${report.error.message}\n`);
    return report.error.exitCode;
  }
  io.out(options.isSet('json') ? `${JSON.stringify(report.value, null, 2)}\n` : doctorText(report.value, wordingOf(io.env)));
  return doctorExitCode(report.value);
}

async function examine(invocation: Invocation): Promise<Result<DoctorReport, CliFailure>> {
  const settings = await loadSettings(invocation);
  if (!settings.ok) return fail(configFailure(settings.error));
  const { config, paths, configFile } = settings.value;
  const logger = commandLogger(settings.value, invocation.io);
  const prober = openProber(settings.value, invocation.io, logger);
  if (!prober.ok) return fail(configFailure(prober.error));
  try {
    const inventory = await prober.value.inventory();
    const folders = await modelFolders(settings.value);
    const seen = await lookAtModels({
      folders,
      cacheFile: path.join(paths.stateDir, 'model-hashes.json'),
      prober: prober.value,
      inventory,
      logger,
    });
    const looks = await Promise.all(httpRuntimes(config.runtimes, systemClock).map((runtime) => runtime.probe()));
    const served = looks.flatMap(({ models }) => models);
    const scheduler = await wayToScheduler(settings.value);
    if (!scheduler.ok) return scheduler;
    return ok({
      version: VERSION,
      hardware: toHardwareView(inventory, null),
      models: [
        ...seen.models.map((model) => toModelView(toRuntimeModel(model), model.folder, null)),
        ...served.map((model) => toModelView(model, '', null)),
        ...wantedModels(settings.value, [...seen.models.map(toRuntimeModel), ...served]),
      ],
      runtimes: looks.map(({ runtime }) => toRuntimeView(runtime)),
      model_problems: seen.problems.map((problem) => ({ ...problem })),
      model_folders: folders,
      network: { scheduler: scheduler.value, listen: await checkPort(config.server.host, config.server.port) },
      folders: [
        await checkFolder('configuration', path.dirname(configFile)),
        await checkFolder('data', paths.dataDir),
        await checkFolder('state', paths.stateDir),
      ],
    });
  } finally {
    prober.value.close();
  }
}

/** The configured ones. The default one that is not there yet is no fault: an agent makes it. */
async function modelFolders({ config, paths }: Settings): Promise<readonly string[]> {
  if (config.agent.modelFolders.length > 0) return config.agent.modelFolders;
  const exists = await access(paths.modelsDir).then(
    () => true,
    () => false,
  );
  return exists ? [paths.modelsDir] : [];
}

/** Those that the owner wants and that are not here: as the agent knows them, where one runs. */
function wantedModels({ config, paths }: Settings, here: readonly RuntimeModel[]): readonly ModelView[] {
  const names = missingModels(wantedNames(config.runtimes.pullModels), here);
  const known = new Map(readPulls(paths.stateDir)?.map((model) => [model.model_id, model]));
  return names.map((name) => known.get(name) ?? toModelView(wantedView(name), '', null));
}

interface ModelsLook {
  readonly folders: readonly string[];
  readonly cacheFile: string;
  readonly prober: HardwareProber;
  readonly inventory: HardwareReport;
  readonly logger: Logger;
}

async function lookAtModels({ folders: names, cacheFile, prober, inventory, logger }: ModelsLook): Promise<ModelFoldersSnapshot> {
  const usable = inventory.adapters.filter(({ verdict, available }) => verdict.accepted && available);
  const folders = new ModelFolders({
    folders: names,
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

async function wayToScheduler({ config }: Settings): Promise<Result<DoctorReport['network']['scheduler'], CliFailure>> {
  const { schedulerUrl, tokenFile } = config.agent;
  if (schedulerUrl === null) return ok(null);
  const token = tokenFile === null ? null : await readToken(tokenFile);
  if (token?.ok === false)
    return fail({ exitCode: EXIT.configInvalid, message: `the token file ${token.error.file}: ${token.error.reason}` });
  const steps = await createJoinTester()({ address: schedulerUrl, ...(token === null ? {} : { token: token.value }) });
  return ok({ address: schedulerUrl, steps });
}
