// What `muster doctor` found, its words, and the exit code it means: the worst finding first (api §3).
import type { JoinStep } from '../../shared/api/app-api';
import type { GpuView, HardwareView, ModelProblem, ModelView, RuntimeView } from '../../shared/api/agent-view';
import type { FolderCheck, PortCheck } from './doctor-checks';
import { EXIT } from './exit-code';
import { printable, textTable } from './core/text-table';
import type { Wording } from './core/labels';

export interface DoctorReport {
  readonly version: string;
  readonly hardware: HardwareView;
  readonly models: readonly ModelView[];
  /** Programs that serve models, each where it was looked for. */
  readonly runtimes: readonly RuntimeView[];
  readonly model_problems: readonly ModelProblem[];
  readonly model_folders: readonly string[];
  readonly network: {
    /** The way to the scheduler that the configuration names; null: it names none. */
    readonly scheduler: { readonly address: string; readonly steps: readonly JoinStep[] } | null;
    /** Where a scheduler of this machine would listen. */
    readonly listen: PortCheck;
  };
  readonly folders: readonly FolderCheck[];
}

export function doctorExitCode({ hardware, network, folders }: DoctorReport): number {
  if (!hardware.gpus.some(isUsable)) return EXIT.noGpu;
  const failed = network.scheduler?.steps.find(({ outcome }) => outcome === 'failed');
  if (failed?.code === 'timeout') return EXIT.timeout;
  if (failed !== undefined) return failed.step === 'token' || failed.step === 'protocol' ? EXIT.refused : EXIT.unreachable;
  return folders.every(({ writable }) => writable) ? EXIT.ok : EXIT.failure;
}

const isUsable = (gpu: GpuView): boolean => gpu.accepted && gpu.available;

export function doctorText(report: DoctorReport, wording: Wording): string {
  const { hardware, network, folders } = report;
  const usable = hardware.gpus.filter(isUsable).length;
  const sections = [
    `Muster ${report.version} on ${hardware.os_name ?? hardware.platform}, ${hardware.cpu_model ?? 'CPU'} (${String(hardware.cpu_cores)} cores), ${gb(hardware.memory_gb)} memory\n`,
    `GPUs: ${usable === 0 ? 'none that a pool can use' : `${String(usable)} usable`}\n${gpusText(hardware.gpus)}${usable === 0 ? simulationHint(wording) : ''}`,
    `Looked with\n${textTable(
      ['SOURCE', 'OUTCOME', 'TOOK', 'DETAIL'],
      hardware.trace.map(({ source, outcome, detail, duration_ms }) => [source, outcome, `${duration_ms.toFixed(0)} ms`, detail ?? '']),
    )}`,
    `Runtimes\n${runtimesText(report.runtimes)}`,
    `Models\n${modelsText(report)}`,
    `Network\n${networkText(network)}`,
    `Folders\n${textTable(
      ['FOLDER', 'WRITABLE', 'PATH'],
      folders.map(({ name, writable, reason, path }) => [name, writable ? 'yes' : `no (${reason ?? '?'})`, path]),
    )}`,
  ];
  return sections.join('\n');
}

const simulationHint = ({ program }: Wording): string => `To look around without one: ${program} pool --simulate-gpu "RTX 4090:24"\n`;

const gb = (value: number | null): string => (value === null ? 'unknown memory' : `${String(Math.round(value * 10) / 10)} GB`);

function gpusText(gpus: readonly GpuView[]): string {
  if (gpus.length === 0) return 'No adapter was found.\n';
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
  if (runtimes.length === 0) return 'None is looked for.\n';
  const rows = runtimes.map(({ url, type, version, state, reason_code }) => {
    // What does not answer, or is none, has no name.
    const name = state === 'not_running' || state === 'wrong_service' ? '-' : `${type} ${version ?? ''}`.trim();
    return [url ?? '', name, state, reason_code];
  });
  return textTable(['RUNTIME', 'WHAT', 'STATE', 'WHY'], rows);
}

function modelsText({ models, model_problems: problems, model_folders: folders }: DoctorReport): string {
  if (models.length + problems.length === 0) {
    return folders.length === 0
      ? 'There is no model folder yet.\n'
      : `No model with a muster-model.json is in ${folders.map(printable).join(', ')}.\n`;
  }
  const rows = [
    ...models.map(({ model_id, state, tasks, folder, runtime_id, ...model }) => [
      model_id,
      state,
      whyText(model),
      tasks === undefined ? '?' : tasks.join(' ') || 'nothing: no program runs it',
      folder === '' ? (runtime_id ?? '') : folder,
    ]),
    ...problems.map(({ folder, field, reason }) => ['-', 'not taken', field === '' ? reason : `${field}: ${reason}`, '-', folder]),
  ];
  return textTable(['MODEL', 'STATE', 'WHY', 'TAKES', 'WHERE'], rows);
}

/** The code; of a download with its bytes, and of one that failed with Ollama's own words. */
function whyText({ reason_code: reason, details, progress }: Pick<ModelView, 'reason_code' | 'details' | 'progress'>): string {
  const [done, total, said] = [details['completed_bytes'], details['total_bytes'], details['runtime_message']];
  if (reason === 'pulling' && progress !== null)
    return `${reason} ${String(done)} of ${String(total)} bytes (${(progress * 100).toFixed(0)} %)`;
  return typeof said === 'string' ? `${reason}: ${said}` : reason;
}

function networkText({ scheduler, listen }: DoctorReport['network']): string {
  const steps = (scheduler?.steps ?? []).map(({ step, outcome, code, details }) => [
    `scheduler: ${step}`,
    outcome,
    code === null ? '' : `${code} ${JSON.stringify(details)}`,
  ]);
  const none = scheduler === null ? [['scheduler', 'none configured', 'set agent.scheduler to join one elsewhere']] : [];
  const words = {
    free: 'free',
    scheduler: 'a scheduler listens there',
    in_use: 'in use by another program',
    not_possible: 'cannot listen there',
  };
  return textTable(
    ['PATH', 'STATE', 'DETAIL'],
    [...none, ...steps, [`listen on ${listen.host}:${String(listen.port)}`, words[listen.state], listen.reason ?? '']],
  );
}
