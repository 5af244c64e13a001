// What the owner can do with a model of the list: the next step as a button, the rest in a menu. To remove a model needs confirmation: it is
// deleted from the disk.
import { isDamaged } from '../../../shared/api/own-damage';
import { isOllamaName } from '../../../shared/api/own-models';
import { ActionIcon, Button, Menu } from '@mantine/core';
import type { ModelView } from '../../../shared/api/agent-view';
import type { ModelAction } from '../../../shared/protocol/model-control';
import { Icon } from '../../components/Icon';
import { useLabels } from '../../i18n/use-labels';
import { canBeMeasured } from '../../labels/measurement-labels';
import { usefulActions } from '../../labels/residency-labels';
import { hrefOf } from '../../routes';
import { useRoute } from '../../store/use-route';
import type { ModelActs } from '../../queries/own-models';
import { isDownload, type ModelRow } from './model-rows';
import classes from './ModelActions.module.css';

export type RowActs = ModelActs & {
  /** Asks whether to remove the model. */
  readonly remove: (modelId: string) => void;
};

export interface ModelActionsProps {
  readonly row: ModelRow;
  readonly acts: RowActs;
  /** An Ollama of this computer can download. */
  readonly canDownload: boolean;
  /** In a row of the table, the column says what a short label means. */
  readonly isInRow?: boolean;
}

export function ModelActions({ row, acts, canDownload, isInRow = false }: ModelActionsProps) {
  const { own, modelId, fit, diskLack } = row;
  return (
    <div className={classes['actions']}>
      {own === null ? (
        canDownload &&
        isOllamaName(modelId) &&
        fit.kind !== 'too_large' &&
        diskLack === null && <DownloadButton modelId={modelId} acts={acts} />
      ) : isDownload(own) ? (
        <DownloadActions own={own} acts={acts} isShort={isInRow} />
      ) : (
        <OwnActions own={own} acts={acts} />
      )}
    </div>
  );
}

interface OwnProps {
  readonly own: ModelView;
  readonly acts: RowActs;
}

function DownloadButton({ modelId, acts }: { readonly modelId: string; readonly acts: RowActs }) {
  const { t } = useLabels();
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`${t('own_models.download')}${t('punctuation.colon')}${modelId}`}
      onClick={() => acts.download(modelId)}
    >
      {t('own_models.download')}
    </Button>
  );
}

/**
 * Only a request of the owner can be cancelled, also when it failed. A download of the configuration can be paused, and a name there that
 * does not exist can be changed.
 */
function DownloadActions({ own, acts, isShort }: OwnProps & { readonly isShort: boolean }) {
  const { model_id: modelId, state, reason_code: reason, details } = own;
  const { t } = useLabels();
  const named = (label: string): string => `${label}${t('punctuation.colon')}${modelId}`;
  const isStopped = reason === 'pull_paused' || state === 'error';
  const isUnknown = reason === 'pull_unknown';
  const isRequested = details['requested'] === true;
  return (
    <>
      {isUnknown && !isRequested && (
        <Button
          size="compact-xs"
          variant="default"
          component="a"
          href={hrefOf({ page: 'settings', id: 'models' })}
          aria-label={named(t('own_models.change_setting'))}
        >
          {t('own_models.change_setting')}
        </Button>
      )}
      {isStopped && !isUnknown && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={named(t(state === 'error' ? 'own_models.retry' : 'own_models.continue'))}
          onClick={() => acts.download(modelId)}
        >
          {t(state === 'error' ? 'own_models.retry' : 'own_models.continue')}
        </Button>
      )}
      {reason !== 'pull_paused' && !isUnknown && !(isRequested && state === 'error') && (
        <Button size="compact-xs" variant="default" aria-label={named(t('own_models.pause'))} onClick={() => acts.pause(modelId)}>
          {t('action.pause')}
        </Button>
      )}
      {isRequested && (
        <Button size="compact-xs" variant="default" aria-label={named(t('own_models.cancel'))} onClick={() => acts.cancel(modelId)}>
          {t(isShort ? 'action.cancel' : 'own_models.cancel')}
        </Button>
      )}
    </>
  );
}

function OwnActions({ own, acts }: OwnProps) {
  const labels = useLabels();
  const { t } = labels;
  const { model_id: modelId, residency, actions = [] } = own;
  const useful = usefulActions(residency ?? null, actions);
  const main = useful.find((action) => action === 'load' || action === 'unload' || action === 'unpin');
  const others = useful.filter((action) => action !== main);
  // An unload of the owner needs no confirmation.
  const label = (action: ModelAction): string => (action === 'unload' ? t('models.unload_do') : labels.code('model_action', action));
  return (
    <>
      {isDamaged(own) && <RepairButton own={own} acts={acts} />}
      {main !== undefined && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`${label(main)}${t('punctuation.colon')}${modelId}`}
          onClick={() => acts.control({ model_id: modelId, action: main })}
        >
          {label(main)}
        </Button>
      )}
      <MoreMenu own={own} acts={acts} others={others} label={label} />
    </>
  );
}

/** Ollama downloads its models again. The files of a model folder are replaced by the owner: the drawer says where they are. */
function RepairButton({ own: { model_id: modelId, folder }, acts }: OwnProps) {
  const { t } = useLabels();
  const named = (label: string): string => `${label}${t('punctuation.colon')}${modelId}`;
  const button = { size: 'compact-xs', variant: 'default' } as const;
  const route = useRoute();
  if (folder === '' && isOllamaName(modelId))
    return (
      <Button {...button} aria-label={named(t('own_models.download_again'))} onClick={() => acts.download(modelId)}>
        {t('own_models.download_again')}
      </Button>
    );
  if (route.id === modelId) return null;
  return (
    <Button
      {...button}
      component="a"
      href={hrefOf({ ...route, page: 'models', id: modelId })}
      aria-label={named(t('own_models.repair_do'))}
    >
      {t('own_models.repair_do')}
    </Button>
  );
}

interface MoreMenuProps extends OwnProps {
  readonly others: readonly ModelAction[];
  readonly label: (action: ModelAction) => string;
}

function MoreMenu({ own, acts, others, label }: MoreMenuProps) {
  const { t } = useLabels();
  const { model_id: modelId, measurement, state, removable, shared } = own;
  const isShared = shared !== false;
  return (
    <Menu position="bottom-end" withinPortal shadow="md">
      <Menu.Target>
        <ActionIcon size={24} variant="subtle" color="gray" aria-label={`${t('own_models.more')}${t('punctuation.colon')}${modelId}`}>
          <Icon name="more" size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map((action) => (
          <Menu.Item key={action} onClick={() => acts.control({ model_id: modelId, action })}>
            {label(action)}
          </Menu.Item>
        ))}
        {measurement !== undefined && state === 'ready' && canBeMeasured(measurement) && (
          <Menu.Item onClick={() => acts.measure(modelId)}>
            {t(measurement.state === 'none' ? 'measurement.measure' : 'measurement.again')}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => acts.share(modelId, !isShared)}>{t(isShared ? 'own_models.unshare' : 'own_models.share')}</Menu.Item>
        {removable === true && (
          <>
            <Menu.Divider />
            <Menu.Item color="var(--error)" onClick={() => acts.remove(modelId)}>
              {t('own_models.remove')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
