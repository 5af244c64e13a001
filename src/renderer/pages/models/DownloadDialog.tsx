// Downloads a model of the library of Ollama: chosen from a list with sizes, or by its name. The list has what the pool lacks and what it has
// first. An estimate comes from the name.
import { Button, type ButtonProps, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useMemo, useState } from 'react';
import { pulledModel } from '../../../shared/api/own-models';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { ScrollRegion } from '../../components/ScrollRegion';
import { useLabels } from '../../i18n/use-labels';
import { useModelDisk } from '../../queries/own-models';
import { useOperation } from '../../queries/use-operation';
import classes from './DownloadDialog.module.css';
import { estimateOf, type Suggestion, type Suggestions, suggestionsOf } from './download-suggestions';
import { diskLackOf, type Fit, fitOf, type OfferedMemory } from './model-fit';
import { diskLackText } from './model-labels';
import type { ModelRow } from './model-rows';

export interface DownloadDialogProps {
  readonly memory: OfferedMemory | null;
  /** The models of this computer, of the pool, and those that the pool was asked for. */
  readonly rows: readonly ModelRow[];
  readonly onClose: () => void;
}

const GROUP_TITLES = {
  missing: 'own_models.group.missing',
  pool: 'own_models.group.pool',
  common: 'own_models.download_common',
} as const satisfies Readonly<Record<Suggestions['group'], string>>;

export function DownloadDialog({ memory, rows, onClose }: DownloadDialogProps) {
  const { t, format } = useLabels();
  const [name, setName] = useState('');
  const disk = useModelDisk();
  const download = useOperation('models.download');
  const wanted = name.trim();
  const isValid = pulledModel.safeParse(wanted).success;
  const groups = useMemo(() => suggestionsOf({ rows, memory, typed: wanted }), [rows, memory, wanted]);
  // The line of a listed model has its size, which may come from more than the name.
  const listed = groups.flatMap(({ models }) => models).find(({ modelId }) => modelId === wanted);
  const isTooLarge = (listed?.fit ?? fitOf(estimateOf(wanted), memory)).kind === 'too_large';
  const start = async (modelId: string): Promise<void> => {
    if ((await download.run({ model_id: modelId })).ok) onClose();
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (isValid) void start(wanted);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={t('own_models.download_title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            data-autofocus
            label={t('own_models.download_name')}
            description={t('own_models.download_hint')}
            placeholder="qwen3:8b"
            value={name}
            error={wanted !== '' && !isValid && t('own_models.download_invalid')}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={256}
            spellCheck={false}
            autoComplete="off"
          />
          {groups.length > 0 && (
            <SuggestionList
              groups={groups}
              freeBytes={disk?.free_bytes ?? null}
              isPending={download.pending}
              onDownload={(modelId) => void start(modelId)}
            />
          )}
          <Dim as="p">
            {listed === undefined && <Need modelId={wanted} memory={memory} />}
            {disk !== null && t('own_models.download_disk', { free: format.bytes(disk.free_bytes) })}
          </Dim>
          <ErrorNote error={download.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Submit isTooLarge={isTooLarge} disabled={!isValid} loading={download.pending} />
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** A model that is too large for this computer can be downloaded, but that is not the usual step. */
function Submit({ isTooLarge, ...button }: { readonly isTooLarge: boolean } & Pick<ButtonProps, 'disabled' | 'loading'>) {
  const { t } = useLabels();
  return (
    <Button type="submit" variant={isTooLarge ? 'default' : 'filled'} {...button}>
      {t(isTooLarge ? 'own_models.download_anyway' : 'own_models.download')}
    </Button>
  );
}

interface SuggestionListProps {
  readonly groups: readonly Suggestions[];
  /** Of the disk. Null: unknown. */
  readonly freeBytes: number | null;
  readonly isPending: boolean;
  readonly onDownload: (modelId: string) => void;
}

function SuggestionList({ groups, freeBytes, isPending, onDownload }: SuggestionListProps) {
  const { t } = useLabels();
  return (
    <ScrollRegion label={t('own_models.download_list')} className={classes['list']}>
      {groups.map(({ group, models }) => (
        <section key={group} aria-label={t(GROUP_TITLES[group])}>
          <h3>{t(GROUP_TITLES[group])}</h3>
          <ul>
            {models.map((model) => (
              <Line
                key={model.modelId}
                model={model}
                freeBytes={freeBytes}
                isPending={isPending}
                onDownload={() => onDownload(model.modelId)}
              />
            ))}
          </ul>
        </section>
      ))}
    </ScrollRegion>
  );
}

interface LineProps {
  readonly model: Suggestion;
  readonly freeBytes: number | null;
  readonly isPending: boolean;
  readonly onDownload: () => void;
}

/** The name, what it needs, and whether this computer has as much. */
function Line({ model: { modelId, neededGb, fit }, freeBytes, isPending, onDownload }: LineProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const lack = diskLackOf(neededGb, freeBytes);
  const isTooLarge = fit.kind === 'too_large';
  return (
    <li data-large={isTooLarge ? '' : undefined}>
      <b>{modelId}</b>
      <span className={classes['size']}>
        {neededGb === null ? t('unknown.none') : t('own_models.about', { size: format.gb(neededGb) })}
      </span>
      {lack === null || isTooLarge ? <FitText fit={fit} /> : <Dim as="span">{diskLackText(lack, labels)}</Dim>}
      {isTooLarge || lack !== null ? (
        <span />
      ) : (
        <Button
          size="compact-xs"
          variant="default"
          disabled={isPending}
          aria-label={`${t('own_models.download')}${t('punctuation.colon')}${modelId}`}
          onClick={onDownload}
        >
          {t('own_models.download')}
        </Button>
      )}
    </li>
  );
}

function FitText({ fit }: { readonly fit: Fit }) {
  const { t, format } = useLabels();
  if (fit.kind === 'unknown') return <Dim as="span">{t('own_models.fit_unknown')}</Dim>;
  return <Dim as="span">{t(`own_models.fit_text.${fit.kind}`, { total: format.gb(fit.totalGb) })}</Dim>;
}

function Need({ modelId, memory }: { readonly modelId: string; readonly memory: OfferedMemory | null }) {
  const { t, format, gap } = useLabels();
  const needed = estimateOf(modelId);
  if (needed === null) return null;
  const fit = fitOf(needed, memory);
  const size = format.gb(needed);
  return (
    <>
      {fit.kind === 'too_large'
        ? t('own_models.download_too_large', { size, total: format.gb(fit.totalGb) })
        : t('own_models.download_need', { size })}
      {gap}
    </>
  );
}
