// One model that is not on this computer: what the pool knows about it, whether it fits here, and its download.
import { isOllamaName } from '../../../shared/api/own-models';
import { CopyField } from '../../components/CopyField';
import { Drawer } from '../../components/Drawer/Drawer';
import { type Fact, Facts, optional } from '../../components/Facts';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { goTo, useRoute } from '../../store/use-route';
import { ModelActions, type RowActs } from './ModelActions';
import { ModelInPool } from './ModelInPool';
import { speedText } from '../../labels/measurement-labels';
import { abilitiesText, fitText, noDownloadReason, poolCountText, sizeText } from './model-labels';
import type { ModelRow } from './model-rows';
import classes from './ModelDrawer.module.css';

export interface PoolModelDrawerProps {
  readonly row: ModelRow;
  /** Null: this program runs no node. */
  readonly acts: RowActs | null;
  readonly canDownload: boolean;
}

export function PoolModelDrawer({ row, acts, canDownload }: PoolModelDrawerProps) {
  const labels = useLabels();
  const { t } = labels;
  const route = useRoute();
  const whyNot = noDownloadReason(row, canDownload, labels);
  return (
    <Drawer
      subject={row.modelId}
      title={row.modelId}
      actions={acts === null ? null : <ModelActions row={row} acts={acts} canDownload={canDownload} />}
      onClose={() => goTo({ ...route, page: 'models', id: null })}
    >
      {acts !== null && (
        <p className={classes['state']}>
          <span>{t(row.fit.kind === 'too_large' ? 'own_models.too_large' : 'model_state.not_installed')}</span>
          {whyNot !== null && <span className={classes['detail']}>{whyNot}</span>}
        </p>
      )}
      <ModelInPool row={row} />
      {row.pool === null && row.missing !== null && isOllamaName(row.modelId) && <InstallElsewhere modelId={row.modelId} />}
      <Facts facts={factsOf(row, labels)} />
    </Drawer>
  );
}

/** The scheduler installs nothing on the computers of others: their owners do. */
function InstallElsewhere({ modelId }: { readonly modelId: string }) {
  const { t } = useLabels();
  return (
    <section className={classes['part']}>
      <h3>{t('own_models.install_elsewhere')}</h3>
      <CopyField label={t('own_models.install_command')} value={`ollama pull ${modelId}`} />
    </section>
  );
}

function factsOf(row: ModelRow, labels: Labels): readonly Fact[] {
  const { t, format } = labels;
  const { kind, fit, neededGb, pool, missing } = row;
  const { aliases = [], replaced_by: replacedBy = null, context_tokens: context, tokens_per_second: speed } = pool ?? {};
  return [
    ...optional(t('models.kind'), kind === null ? null : labels.code('model_kind', kind)),
    ...optional(t('own_models.abilities'), abilitiesText(row, labels)),
    ...optional(t('models.size'), neededGb === null ? null : sizeText(row, labels)),
    ...optional(t('own_models.needed_vram'), fitText(fit, labels)),
    ...optional(t('own_models.context'), context === undefined ? null : t('own_models.context_tokens', { tokens: format.number(context) })),
    ...optional(t('own_models.nodes'), pool === null ? null : poolCountText(pool, labels)),
    ...optional(t('measurement.speed'), speed === undefined ? null : t('own_models.mean_speed', { speed: speedText(speed, labels) })),
    ...optional(t('own_models.names'), aliases.length === 0 ? null : aliases.join(t('punctuation.list'))),
    ...optional(t('own_models.goes_to'), replacedBy),
    ...optional(
      t('own_models.asked'),
      missing === null || pool !== null ? null : t('own_models.unanswered', { formatted: format.number(missing.requests) }),
    ),
    ...optional(
      t('own_models.nodes'),
      pool !== null || missing?.fits_nodes == null
        ? null
        : t('own_models.fits_nodes', { count: missing.fits_nodes, formatted: format.number(missing.fits_nodes) }),
    ),
  ];
}
