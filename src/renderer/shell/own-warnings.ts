// What needs the owner of this computer, each with the page that shows the cause. Pure. The most urgent comes first: faults that stop the
// pool, then those that stop this computer.
import type { AppState } from '../../shared/api/app-state';
import { isDamaged } from '../../shared/api/own-damage';
import { failingHere } from '../../shared/api/own-status';
import type { Labels } from '../i18n/use-labels';
import { capitalized } from '../i18n/capitalized';
import { portCause } from '../labels/host-failure';
import type { RouteTarget } from '../routes';

export interface OwnWarning {
  readonly kind: 'host' | 'mass_loss' | 'gpus' | 'models' | 'failing' | 'model_folders' | 'notices';
  /** How many causes the warning stands for. */
  readonly count: number;
  readonly text: string;
  readonly target: RouteTarget;
}

export type WarningSource = Pick<AppState, 'agent' | 'host' | 'pool'>;

export function ownWarnings({ agent, host, pool }: WarningSource, labels: Labels): readonly OwnWarning[] {
  const { t, format } = labels;
  const port = host === null ? null : portCause(labels, host);
  const lost = pool?.mass_loss ?? null;
  const gpus = agent?.hardware?.gpus.filter((gpu) => gpu.accepted && !gpu.available) ?? [];
  const models = agent?.models.filter(({ state }) => state === 'error') ?? [];
  const problems = agent?.model_problems.length ?? 0;
  const notices = agent?.notices.length ?? 0;
  const fault = models.every(isDamaged) ? 'damaged' : 'unusable';
  const failing = agent === null ? [] : failingHere(agent);
  const [gpu, model, failingModel] = [onlyOf(gpus), onlyOf(models), onlyOf(failing)];
  const warnings: readonly OwnWarning[] = [
    {
      kind: 'host',
      count: host === null || host.error_code === null ? 0 : 1,
      text: port === null ? t('rail.warning.host') : capitalized(port),
      target: { page: 'pool' },
    },
    {
      kind: 'mass_loss',
      count: lost === null ? 0 : 1,
      text: lost === null ? '' : t('rail.warning.mass_loss', { lost: format.number(lost.lost), total: format.number(lost.of) }),
      target: { page: 'nodes' },
    },
    {
      kind: 'gpus',
      count: gpus.length,
      text: gpu === null ? t('rail.warning.gpus', { count: gpus.length }) : t('rail.warning.gpu', { name: gpu.name }),
      target: { page: 'gpus' },
    },
    {
      kind: 'models',
      count: models.length,
      text:
        model === null
          ? t(`rail.warning.models_${fault}`, { count: models.length })
          : t(`rail.warning.model_${fault}`, { name: model.model_id }),
      target: { page: 'models', id: model?.model_id ?? null },
    },
    {
      kind: 'failing',
      count: failing.length,
      text:
        failingModel === null
          ? t('rail.warning.models_failing', { count: failing.length })
          : t('rail.warning.model_failing', { name: failingModel.model_id }),
      target: { page: 'computer' },
    },
    { kind: 'model_folders', count: problems, text: t('models.problems', { count: problems }), target: { page: 'models' } },
    { kind: 'notices', count: notices, text: t('rail.warning.notices', { count: notices }), target: { page: 'computer' } },
  ];
  return warnings.filter(({ count }) => count > 0);
}

const onlyOf = <Item>(items: readonly Item[]): Item | null => (items.length === 1 ? (items[0] ?? null) : null);
