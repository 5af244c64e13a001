// The programs on one GPU: those of the pool and those of the owner, with their use and memory.
import { useState } from 'react';
import type { GpuView } from '../../../shared/api/agent-view';
import type { AppError } from '../../../shared/api/app-api';
import type { GpuProcesses, GpuProgramView } from '../../../shared/api/gpu';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { LinkButton } from '../../components/LinkButton';
import { Ago } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { totalGbOf } from '../../components/gpu-labels';
import classes from './GpuPrograms.module.css';

const SHOWN = 6;
const SHOWN_BRIEF = 4;

export interface GpuProgramsProps {
  readonly gpu: GpuView;
  /** Null: not answered yet. */
  readonly processes: GpuProcesses | null;
  readonly error: AppError | null;
  /** Absent: `Programs`. */
  readonly title?: string;
  /** The page shows the free memory, and has less space. */
  readonly isBrief?: boolean;
}

export function GpuPrograms({ gpu, processes, error, title, isBrief = false }: GpuProgramsProps) {
  const { t } = useLabels();
  const [isWhole, setIsWhole] = useState(false);
  const listed = processes?.gpus.find(({ key }) => key === gpu.key) ?? null;
  const count = listed?.programs?.length ?? 0;
  const most = isBrief ? SHOWN_BRIEF : SHOWN;
  return (
    <section aria-label={t('gpus.programs_of', { name: gpu.name })} className={classes['programs']}>
      <div className={classes['head']}>
        <h3>
          {title ?? t('gpus.programs')}
          {listed?.programs != null && listed.read_at !== null && (
            <Dim as="span">
              <Ago wallMs={listed.read_at} />
            </Dim>
          )}
        </h3>
        {count > most && (
          <LinkButton onClick={() => setIsWhole(!isWhole)}>{isWhole ? t('gpus.show_less') : t('gpus.show_all', { count })}</LinkButton>
        )}
      </div>
      {error?.code === 'FORBIDDEN' ? (
        <Dim as="p">{t('gpus.programs_owner')}</Dim>
      ) : listed === null && error !== null ? (
        <ErrorNote error={error} />
      ) : listed === null ? (
        <Dim as="p">{t('gpus.programs_reading')}</Dim>
      ) : listed.programs === null ? (
        <Dim as="p">{t('gpus.programs_unknown')}</Dim>
      ) : listed.programs.length === 0 ? (
        <Dim as="p">{t(gpu.simulated ? 'gpus.programs_simulated' : 'gpus.programs_none')}</Dim>
      ) : (
        <ProgramTable gpu={gpu} programs={isWhole ? listed.programs : listed.programs.slice(0, most)} hasFree={!isBrief} />
      )}
    </section>
  );
}

interface ProgramTableProps {
  readonly gpu: GpuView;
  readonly programs: readonly GpuProgramView[];
  readonly hasFree: boolean;
}

function ProgramTable({ gpu, programs, hasFree }: ProgramTableProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const totalGb = totalGbOf(gpu);
  const { memory_used_gb: used } = gpu;
  const unknown = <span data-unknown="">{t('unknown.none')}</span>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t('gpus.program')}</th>
          <th scope="col">{t('gpus.gpu')}</th>
          <th scope="col">{t('gpus.vram')}</th>
        </tr>
      </thead>
      <tbody>
        {programs.map(({ pid, name, gpu_percent: percent, memory_gb: memoryGb, is_pool: isPool }) => (
          <tr key={pid}>
            <td>
              <i data-kind={isPool ? 'pool' : 'owner'} />
              <span className="visually-hidden">{t(isPool ? 'gpus.of_pool' : 'gpus.of_owner')} </span>
              <span className={classes['name']}>{name ?? t('gpus.process', { pid: String(pid) })}</span>
              {name !== null && <Dim as="span">{pid}</Dim>}
            </td>
            <td>{percent === null ? unknown : format.percent(percent)}</td>
            <td>{memoryGb === null ? unknown : format.gb(memoryGb)}</td>
          </tr>
        ))}
        {hasFree && used.known && totalGb !== null && (
          <tr data-free="">
            <td>{t('legend.free')}</td>
            <td />
            <td>{format.gb(Math.max(0, totalGb - used.value))}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
