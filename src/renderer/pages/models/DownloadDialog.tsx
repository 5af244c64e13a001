// Downloads a model by its name in the library of Ollama. The estimate comes from the name.
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { pulledModel } from '../../../shared/api/own-models';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useModelDisk } from '../../queries/own-models';
import { useOperation } from '../../queries/use-operation';
import { fitOf, neededGb, type OfferedMemory } from './model-fit';

export interface DownloadDialogProps {
  readonly memory: OfferedMemory | null;
  readonly onClose: () => void;
}

export function DownloadDialog({ memory, onClose }: DownloadDialogProps) {
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

function Need({ modelId, memory }: { readonly modelId: string; readonly memory: OfferedMemory | null }) {
  const { t, format, gap } = useLabels();
  const needed = neededGb({ modelId, vramGb: null, sizeBytes: null });
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
