// Parses the processes on NVIDIA cards: `nvidia-smi pmon -c 1 -s um` and `--query-compute-apps`. nvidia-smi promises no format, so the
// columns of pmon are found by their names.
import { detailOf } from './reading';

export interface PmonRow {
  readonly gpu: number;
  readonly pid: number;
  /** Percent of the card's compute time. Null: `-`. An idle process has `-` too. */
  readonly sm: number | null;
  /** Memory of the card that the process uses, MiB. Null: not reported. */
  readonly memoryMib: number | null;
  /** The name of the program, which the driver may cut. Null: not reported. */
  readonly name: string | null;
}

export const PMON_ARGUMENTS: readonly string[] = ['pmon', '-c', '1', '-s', 'um'];

export const MAX_PROCESS_NAME = 64;
const MAX_ROWS = 512;
const MAX_LINES = 4096;

/** Rows of cards without a process (pid `-`) are left out. Null: the output has no header with these columns. */
export function parsePmon(text: string): readonly PmonRow[] | null {
  const lines = text.split(/\r?\n/).slice(0, MAX_LINES);
  const header = lines.find((line) => /^#\s*gpu\s/i.test(line));
  const names = header?.replace('#', '').trim().toLowerCase().split(/\s+/) ?? [];
  const [gpuAt, pidAt, smAt] = [names.indexOf('gpu'), names.indexOf('pid'), names.indexOf('sm')];
  const [memoryAt, nameAt] = [names.indexOf('fb'), names.indexOf('command')];
  if (gpuAt < 0 || pidAt < 0 || smAt < 0) return null;
  return lines
    .flatMap((line) => {
      if (line.startsWith('#')) return [];
      const cells = line.trim().split(/\s+/);
      const [gpu, pid] = [integer(cells[gpuAt]), integer(cells[pidAt])];
      if (gpu === null || pid === null || pid === 0) return [];
      const memoryMib = memoryAt < 0 ? null : integer(cells[memoryAt]);
      // A name may contain blanks. It is the last column.
      const name = nameAt < 0 ? null : nameOf(cells.slice(nameAt).join(' '));
      return [{ gpu, pid, sm: percent(cells[smAt]), memoryMib, name }];
    })
    .slice(0, MAX_ROWS);
}

export interface ComputeApp {
  readonly gpuUuid: string;
  readonly pid: number;
  /** MiB. Null: not reported, as on Windows. */
  readonly usedMemoryMib: number | null;
}

export const COMPUTE_APPS_ARGUMENTS: readonly string[] = ['--query-compute-apps=pid,gpu_uuid,used_memory', '--format=csv,noheader,nounits'];

/** Programs that compute on a card. Programs that only draw are not listed. Invalid lines are skipped. */
export function parseComputeApps(text: string): readonly ComputeApp[] {
  return text
    .split(/\r?\n/)
    .slice(0, MAX_LINES)
    .flatMap((line) => {
      const [pidCell, uuid = '', memory, ...rest] = line.split(',').map((cell) => cell.trim());
      const pid = integer(pidCell);
      if (pid === null || pid === 0 || rest.length > 0 || !/^(?:GPU|MIG)-/.test(uuid)) return [];
      return [{ gpuUuid: uuid.slice(0, 128), pid, usedMemoryMib: integer(memory) }];
    })
    .slice(0, MAX_ROWS);
}

const nameOf = (text: string): string | null => (text === '' || text === '-' ? null : (detailOf(text)?.slice(0, MAX_PROCESS_NAME) ?? null));
const integer = (cell: string | undefined): number | null => (cell !== undefined && /^\d{1,10}$/.test(cell) ? Number(cell) : null);

function percent(cell: string | undefined): number | null {
  const value = integer(cell);
  return value === null || value > 100 ? null : value;
}
