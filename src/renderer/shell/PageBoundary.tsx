// An error while a page renders does not affect other pages. The page shows the error for a bug report. Its code may be missing after an update
// of the program, which a reload mends.
import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Card } from '../components/Card';
import { Page } from '../components/Page';
import { useLabels } from '../i18n/use-labels';
import type { PageName } from '../routes';

interface PageBoundaryProps {
  readonly page: PageName;
  readonly children: ReactNode;
}

/** React supports error boundaries as classes only. Pass the page as `key`, so that another page starts without the error. */
export class PageBoundary extends Component<PageBoundaryProps, { readonly fault: string | null }> {
  override state: { readonly fault: string | null } = { fault: null };

  static getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: String(error) };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    return fault === null ? this.props.children : <Broken page={this.props.page} fault={fault} />;
  }
}

function Broken({ page, fault }: { readonly page: PageName; readonly fault: string }) {
  const { t } = useLabels();
  return (
    <Page title={t(`nav.${page}`)}>
      <Card label={t(`nav.${page}`)} tone="error">
        <p role="alert">{t('connection.broken')}</p>
        <code>{fault}</code>
        <p>
          <Button variant="default" size="compact-sm" onClick={() => window.location.reload()}>
            {t('action.reload')}
          </Button>
        </p>
      </Card>
    </Page>
  );
}
