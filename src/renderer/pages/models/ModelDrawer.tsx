// One model of this computer in full: state and reason, memory, speed, tasks, version, location.
import { isDamaged } from '../../../shared/api/own-damage';
import { Button, Group } from '@mantine/core';
import { CopyButton } from '../../components/CopyButton';
import { Ago } from '../../components/Time';
import { Drawer } from '../../components/Drawer/Drawer';
import { ErrorNote } from '../../components/ErrorNote';
import { type Fact, Facts, optional } from '../../components/Facts';
import { Path } from '../../components/Path';
import { useLabels } from '../../i18n/use-labels';
import { canBeMeasured, measurementLabel } from '../../labels/measurement-labels';
import { useOperation } from '../../queries/use-operation';
import { hrefOf } from '../../routes';
import { goTo, useRoute } from '../../store/use-route';
import {
  abilitiesText,
  contextText,
  fitText,
  isVerifying,
  languagesOf,
  locationOf,
  modelReason,
  modelTasks,
  ownStateLabel,
  poolCountText,
  quantisationOf,
} from './model-labels';
import { ModelInPool } from './ModelInPool';
import { ModelActions, type RowActs } from './ModelActions';
import type { ModelRow } from './model-rows';
import { OwnFailingReason, OwnModelState, useOwnFailing } from './OwnModelState';
import classes from './ModelDrawer.module.css';

export interface ModelDrawerProps {
  readonly row: ModelRow & { readonly own: NonNullable<ModelRow['own']> };
  readonly acts: RowActs;
}

export function ModelDrawer({ row, acts }: ModelDrawerProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const route = useRoute();
  const { own, modelId, pool } = row;
  const { aliases = [], replaced_by: replacedBy = null } = pool ?? {};
  const isFailing = useOwnFailing(own) !== null;
  const [state, reason] = [ownStateLabel(own, labels), modelReason(own, labels)];
  const languages = languagesOf(own);
  const tasks = modelTasks(own, labels);
  const facts: readonly Fact[] = [
    // Before a download ends, only the pool knows the type.
    [t('models.kind'), labels.code('model_kind', pool?.kind ?? own.kind)],
    ...optional(t('own_models.abilities'), abilitiesText(row, labels)),
    ...optional(t('own_models.languages'), languages),
    ...optional(t('own_models.tasks'), tasks),
    [t('models.size'), own.size_bytes === null ? t('unknown.none') : format.bytes(own.size_bytes)],
    ...optional(t('own_models.quantisation'), quantisationOf(own)),
    ...optional(t('own_models.context'), contextText(own, labels)),
    ...(own.vram_gb === undefined
      ? optional(t('own_models.needed_vram'), fitText(row.fit, labels))
      : [[t('own_models.memory'), format.gb(own.vram_gb)] as const]),
    ...optional(t('own_models.nodes'), pool === null ? null : poolCountText(pool, labels)),
    ...optional(t('own_models.names'), aliases.length === 0 ? null : aliases.join(t('punctuation.list'))),
    ...optional(t('own_models.goes_to'), replacedBy),
    ...optional(t('models.version'), own.version === 'unknown' ? null : own.version),
    ...(isDamaged(own) ? [] : [[t('own_models.location'), <Path key="location" path={locationOf(own)} />] as const]),
    [t('models.checked'), own.checked_at === null ? t('models.never') : <Ago key="checked" wallMs={own.checked_at} />],
  ];
  return (
    <Drawer
      subject={modelId}
      title={modelId}
      actions={<ModelActions row={row} acts={acts} canDownload={false} />}
      onClose={() => goTo({ ...route, page: 'models', id: null })}
    >
      <p className={classes['state']}>
        <OwnModelState model={own} />
        <OwnFailingReason model={own} />
        {!isFailing && !isVerifying(own) && reason.toLowerCase() !== state.label.toLowerCase() && <span>{reason}</span>}
      </p>
      {isFailing && (
        <p>
          <a className="link-target" href={hrefOf({ page: 'jobs', status: 'failed' })}>
            {t('nodes.failed_jobs')}
          </a>
        </p>
      )}
      {isDamaged(own) && <Repair path={locationOf(own)} modelId={modelId} />}
      <ModelInPool row={row} hasCopy={!isDamaged(own)} />
      <Speed row={row} acts={acts} />
      <Facts facts={facts} />
    </Drawer>
  );
}

function Repair({ path, modelId }: { readonly path: string; readonly modelId: string }) {
  const { t } = useLabels();
  const recheck = useOperation('agent.recheck');
  return (
    <section className={classes['part']}>
      <p>{t('own_models.repair')}</p>
      <Path path={path} />
      <Group gap="xs">
        <Button size="compact-sm" loading={recheck.pending} onClick={() => void recheck.run({})}>
          {t('action.check_again')}
        </Button>
        <CopyButton size="compact-sm" value={path} text={t('own_models.copy_path')} />
        <CopyButton size="compact-sm" value={modelId} text={t('own_models.copy_name')} />
      </Group>
      <ErrorNote error={recheck.error} />
    </section>
  );
}

function Speed({ row: { own, modelId }, acts }: ModelDrawerProps) {
  const labels = useLabels();
  const { t } = labels;
  if (own.measurement === undefined) return null;
  const { text, code, detail, measuredAtWallMs } = measurementLabel(own.measurement, labels);
  const action = t(measuredAtWallMs === null ? 'measurement.measure' : 'measurement.again');
  return (
    <section className={classes['part']}>
      <h3>{t('measurement.speed')}</h3>
      <p>
        <span title={code ?? undefined}>{text}</span>
        {measuredAtWallMs !== null && (
          <span className={classes['age']}>
            <Ago wallMs={measuredAtWallMs} />
          </span>
        )}
      </p>
      {detail !== null && <p className={classes['detail']}>{detail}</p>}
      {own.state === 'ready' && canBeMeasured(own.measurement) && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`${action}${t('punctuation.colon')}${modelId}`}
          onClick={() => acts.measure(modelId)}
        >
          {action}
        </Button>
      )}
      <p className={classes['detail']}>{t('measurement.note')}</p>
    </section>
  );
}
