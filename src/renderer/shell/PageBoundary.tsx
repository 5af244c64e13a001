// A fault while a page is drawn stays in that page: said plainly, with the fault's own words for a report.
import { Component, type ReactNode } from 'react';
import { Card } from '../components/Card';
import { Page } from '../components/Page';
import { useWords } from '../i18n/use-words';
import type { PageName } from '../routes';

interface PageBoundaryProps {
  readonly page: PageName;
  readonly children: ReactNode;
}

/** React knows boundaries as classes only. Give it the page as `key`, so that another page starts afresh. */
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
  const { t } = useWords();
  return (
    <Page title={t(`nav.${page}`)}>
      <Card label={t(`nav.${page}`)} tone="error">
        <p role="alert">{t('connection.broken')}</p>
        <code>{fault}</code>
      </Card>
    </Page>
  );
}
