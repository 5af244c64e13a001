// The file of the CA of the pool: its path on this computer, else a download, else where it is.
import { Button } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import { CopyField } from '../CopyField';
import { Dim } from '../Dim';
import { downloadBase64 } from '../download';
import { CA_FILE, type PoolTarget } from './use-connect-target';

export interface CertificateFileProps {
  readonly target: Pick<PoolTarget, 'caFile' | 'isCaHere' | 'caPem'>;
  /** A heading beside it names the file. */
  readonly hideLabel?: boolean;
}

/** Nothing where programs need no certificate. */
export function CertificateFile({ target: { caFile, isCaHere, caPem }, hideLabel = false }: CertificateFileProps) {
  const { t } = useLabels();
  if (caFile === null) return null;
  const isDownload = !isCaHere && caPem !== null;
  return (
    <>
      {isCaHere && <CopyField label={t('connect.trust')} hideLabel={hideLabel} value={caFile} />}
      {isDownload && (
        <div>
          <Button size="compact-sm" variant="default" onClick={() => downloadBase64(CA_FILE, 'application/x-pem-file', btoa(caPem))}>
            {t('connect.trust_download')}
          </Button>
        </div>
      )}
      {!isCaHere && !isDownload && <p>{t('connect.trust_where')}</p>}
      <Dim as="p">{t('connect.trust_copy')}</Dim>
    </>
  );
}
