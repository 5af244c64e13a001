// Downloads a model by its name in the library of Ollama. The estimate comes from the name.
import { Autocomplete, Button, Group, Modal, Stack } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { pulledModel } from '../../../shared/api/own-models';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useModelDisk } from '../../queries/own-models';
import { useOperation } from '../../queries/use-operation';
import { estimateOf, type Suggestions, suggestionsOf } from './download-suggestions';
import { fitOf, type OfferedMemory } from './model-fit';
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
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (isValid && (await download.run({ model_id: wanted })).ok) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t('own_models.download_title')} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <Autocomplete
            data-autofocus
            data={suggestionsOf({ rows, memory, typed: wanted }).map(({ group, modelIds }) => ({
              group: t(GROUP_TITLES[group]),
              items: [...modelIds],
            }))}
            renderOption={({ option: { value } }) => <Suggestion modelId={value} row={rows.find(({ modelId }) => modelId === value)} />}
            openOnFocus={false}
            label={t('own_models.download_name')}
            description={t('own_models.download_hint')}
            placeholder="qwen3:8b"
            value={name}
            error={wanted !== '' && !isValid && t('own_models.download_invalid')}
            onChange={setName}
            maxLength={256}
            maxDropdownHeight={264}
            spellCheck={false}
          />
          <Dim as="p">
            <Need modelId={wanted} memory={memory} />
            {disk !== null && t('own_models.download_disk', { free: format.bytes(disk.free_bytes) })}
          </Dim>
          <ErrorNote error={download.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={!isValid} loading={download.pending}>
              {t('own_models.download')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The name, and what it needs. */
function Suggestion({ modelId, row }: { readonly modelId: string; readonly row: ModelRow | undefined }) {
  const { t, format } = useLabels();
  const needed = row?.neededGb ?? estimateOf(modelId);
  return (
    <>
      {modelId} {needed !== null && <Dim as="span">{t('own_models.about', { size: format.gb(needed) })}</Dim>}
    </>
  );
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
