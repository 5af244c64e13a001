// The findings of `muster doctor` as text, and the exit code of the worst finding (api §3).
import type { JoinStep } from '../../shared/api/app-api';
import type { GpuView, HardwareView, ModelProblem, ModelView, RuntimeView } from '../../shared/api/agent-view';
import type { FolderCheck, OllamaPortCheck, PortCheck } from './doctor-checks';
import { EXIT } from './exit-code';
import { type BusCheck, busFixes, type BusProblem, busRows } from './core/bus-check';
import { type DatabaseCheck, databaseFixes, type DatabaseProblem, databaseRows } from './core/database-check';
import { printable, textTable } from './core/text-table';
import type { MessageContext } from './core/message-context';

export interface DoctorReport {
  readonly version: string;
  readonly hardware: HardwareView;
  readonly models: readonly ModelView[];
  /** One entry for each probed address. */
  readonly runtimes: readonly RuntimeView[];
  readonly model_problems: readonly ModelProblem[];
  readonly model_folders: readonly string[];
  readonly network: {
    /** Connection test of the configured scheduler, or of the joined pool; null when there is neither. */
    readonly scheduler: { readonly address: string; readonly steps: readonly JoinStep[] } | null;
    /** The port of a scheduler on this computer. */
    readonly listen: PortCheck;
    /** The port for Ollama clients (`server.ollama_port`); null: none is set. */
    readonly ollama_port: OllamaPortCheck | null;
    /** The scheduler at this port uses the data folder of this command. */
    readonly is_host: boolean;
    /** The database of the cluster (`cluster.database_url`); null: none is set. */
    readonly cluster_database: DatabaseCheck | null;
    /** The bus of the cluster (`cluster.bus_url`); null: none is set. */
    readonly cluster_bus: BusCheck | null;
  };
  readonly folders: readonly FolderCheck[];
  /** The GPUs that the running node of this computer simulates, such as `RTX 4090 24 GB`. */
  readonly simulated_gpus: readonly string[];
}

const DATABASE_EXIT_CODES: Readonly<Record<DatabaseProblem, number>> = {
  settings: EXIT.failure,
  password_file: EXIT.failure,
  ca_file: EXIT.failure,
  unreachable: EXIT.unreachable,
  tls: EXIT.unreachable,
  auth: EXIT.refused,
  no_database: EXIT.refused,
  no_primary: EXIT.unreachable,
  permission: EXIT.refused,
  too_new: EXIT.refused,
  not_durable: EXIT.failure,
  failed: EXIT.failure,
};

const BUS_EXIT_CODES: Readonly<Record<BusProblem, number>> = {
  settings: EXIT.failure,
  ca_file: EXIT.failure,
  credentials: EXIT.failure,
  unreachable: EXIT.unreachable,
  tls: EXIT.unreachable,
  auth: EXIT.refused,
  permission: EXIT.refused,
  payload_limit: EXIT.failure,
  no_answer: EXIT.timeout,
};

/** Of the first problem. A member of a cluster needs no GPU, so its servers come before. A node that simulates GPUs needs none. */
export function doctorExitCode({ hardware, network, folders, simulated_gpus: simulated }: DoctorReport): number {
  const databaseProblem = network.cluster_database?.problems[0];
  if (databaseProblem !== undefined) return DATABASE_EXIT_CODES[databaseProblem.code];
  const busProblem = network.cluster_bus?.problems[0];
  if (busProblem !== undefined) return BUS_EXIT_CODES[busProblem.code];
  if (!hardware.gpus.some(isUsable) && simulated.length === 0) return EXIT.noGpu;
  const failed = network.scheduler?.steps.find(({ outcome }) => outcome === 'failed');
  if (failed?.code === 'timeout') return EXIT.timeout;
  if (failed !== undefined) return failed.step === 'token' || failed.step === 'protocol' ? EXIT.refused : EXIT.unreachable;
  return folders.every(({ writable }) => writable) ? EXIT.ok : EXIT.failure;
}

const isUsable = (gpu: GpuView): boolean => gpu.accepted && gpu.available;

export function doctorText(report: DoctorReport, context: MessageContext): string {
  const { hardware, network, folders } = report;
  const usable = hardware.gpus.filter(isUsable).length;
  const sections = [
    `Muster ${report.version} on ${hardware.os_name ?? hardware.platform}, ${hardware.cpu_model ?? 'CPU'} (${String(hardware.cpu_cores)} cores), ${gb(hardware.memory_gb)} memory\n`,
    `GPUs: ${usable === 0 ? 'none usable' : `${String(usable)} usable`}\n${gpusText(hardware.gpus)}${usable === 0 ? simulationText(report.simulated_gpus, context) : ''}`,
    `Hardware probes\n${textTable(
      ['SOURCE', 'OUTCOME', 'TOOK', 'DETAIL'],
      hardware.trace.map(({ source, outcome, detail, duration_ms }) => [source, outcome, `${duration_ms.toFixed(0)} ms`, detail ?? '']),
    )}`,
    `Model servers\n${runtimesText(report.runtimes)}`,
    `Models\n${modelsText(report)}`,
    `Network\n${networkText(network)}${clusterFixes(network, context)}`,
    `Folders\n${textTable(
      ['FOLDER', 'WRITABLE', 'PATH'],
      folders.map(({ name, writable, reason, path }) => [name, writable ? 'yes' : `no (${reason ?? '?'})`, path]),
    )}`,
  ];
  return sections.join('\n');
}

const clusterFixes = ({ cluster_database: database, cluster_bus: bus }: DoctorReport['network'], context: MessageContext): string =>
  (database === null ? '' : databaseFixes(database, context)) + (bus === null ? '' : busFixes(bus, context));

const simulationText = (simulated: readonly string[], { program }: MessageContext): string =>
  simulated.length === 0
    ? `To try Muster without a GPU: ${program} pool --simulate-gpu "RTX 4090:24"\n`
    : `The node that runs on this computer simulates its GPUs: ${printable(simulated.join(', '))}.\n`;

const gb = (value: number | null): string => (value === null ? 'unknown memory' : `${String(Math.round(value * 10) / 10)} GB`);

function gpusText(gpus: readonly GpuView[]): string {
  if (gpus.length === 0) return 'No GPU was found.\n';
  const rows = gpus.map((gpu) => [
    `${gpu.name}${gpu.simulated ? ' (simulated)' : ''}`,
    gb(gpu.memory_gb),
    verdictOf(gpu),
    gpu.refusal_detail ?? '',
  ]);
  return textTable(['GPU', 'MEMORY', 'VERDICT', 'DETAIL'], rows);
}

function verdictOf(gpu: GpuView): string {
  if (!gpu.accepted) return `refused: ${gpu.refusal_code ?? 'unknown'}`;
  return gpu.available ? 'accepted' : `accepted, not usable now: ${gpu.fault_code ?? 'unknown'}`;
}

function runtimesText(runtimes: readonly RuntimeView[]): string {
  if (runtimes.length === 0) return 'No address is probed.\n';
  const rows = runtimes.map(({ url, type, version, state, reason_code }) => {
    // A program that does not answer, or is not a model server, has no name here.
    const name = state === 'not_running' || state === 'wrong_service' ? '-' : `${type} ${version ?? ''}`.trim();
    return [url ?? '', name, state, reason_code];
  });
  return textTable(['ADDRESS', 'MODEL SERVER', 'STATE', 'REASON'], rows);
}

function modelsText({ models, model_problems: problems, model_folders: folders }: DoctorReport): string {
  if (models.length + problems.length === 0) {
    return folders.length === 0
      ? 'There is no model folder yet.\n'
      : `No muster-model.json was found in ${folders.map(printable).join(', ')}.\n`;
  }
  const rows = [
    ...models.map(({ model_id, state, tasks, folder, runtime_id, ...model }) => [
      model_id,
      state,
      reasonText(model),
      tasks === undefined ? '?' : tasksText(tasks),
      folder === '' ? (runtime_id ?? '') : folder,
    ]),
    ...problems.map(({ folder, field, reason }) => ['-', 'invalid', field === '' ? reason : `${field}: ${reason}`, '-', folder]),
  ];
  return textTable(['MODEL', 'STATE', 'REASON', 'TASKS', 'SOURCE'], rows);
}

/** A server such as Ollama offers so many tasks that a row would not fit into a terminal. */
const SHOWN_TASKS = 2;

function tasksText(tasks: readonly string[]): string {
  if (tasks.length === 0) return 'none: no program runs it';
  const more = tasks.length - SHOWN_TASKS;
  return `${tasks.slice(0, SHOWN_TASKS).join(' ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

/** The reason code, with the progress of a download or the error message of Ollama. */
function reasonText({ reason_code: reason, details, progress }: Pick<ModelView, 'reason_code' | 'details' | 'progress'>): string {
  const [done, total, message] = [details['completed_bytes'], details['total_bytes'], details['runtime_message']];
  if (reason === 'pulling' && progress !== null)
    return `${reason} ${JSON.stringify(done)} of ${JSON.stringify(total)} bytes (${(progress * 100).toFixed(0)} %)`;
  return typeof message === 'string' ? `${reason}: ${message}` : reason;
}

function networkText(network: DoctorReport['network']): string {
  const { scheduler, listen, ollama_port: ollamaPort, is_host: isHost, cluster_database: database, cluster_bus: bus } = network;
  const steps = (scheduler?.steps ?? []).map(({ step, outcome, code, details }) => [
    `scheduler: ${step}`,
    outcome,
    code === null ? '' : `${code} ${JSON.stringify(details)}`,
  ]);
  const none = isHost
    ? ['scheduler', 'runs here', 'this computer is the host of the pool']
    : ['scheduler', 'not configured', 'join the pool of another computer, or set agent.scheduler'];
  return textTable(
    ['CHECK', 'RESULT', 'DETAIL'],
    [
      ...(scheduler === null ? [none] : steps),
      portRow('listen on', listen),
      ...(ollamaPort === null ? [] : [ollamaPortRow(ollamaPort)]),
      ...(database === null ? [] : databaseRows(database)),
      ...(bus === null ? [] : busRows(bus)),
    ],
  );
}

const PORT_STATES = {
  free: 'free',
  scheduler: 'in use by a scheduler',
  in_use: 'in use by another program',
  not_possible: 'not possible',
} as const satisfies Record<PortCheck['state'], string>;

/** One row of the table of network checks. */
export const portRow = (label: string, { host, port, state, reason, program }: PortCheck): readonly string[] => [
  `${label} ${host}:${String(port)}`,
  program === null ? PORT_STATES[state] : `in use by ${printable(program)}`,
  reason ?? '',
];

/** The scheduler of this computer opens the port, so its use by another one is a problem. */
export function ollamaPortRow({ is_own: isOwn, ...check }: OllamaPortCheck): readonly string[] {
  const [label = '', text = '', reason = ''] = portRow('Ollama clients at', check);
  return [label, check.state !== 'scheduler' ? text : isOwn ? 'open' : 'in use by another scheduler', reason];
}
