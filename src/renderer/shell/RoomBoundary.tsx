// A fault while a room is drawn stays in that room: said plainly, with the fault's own words for a report.
import { Component, type ReactNode } from 'react';
import { Card } from '../components/Card';
import { Page } from '../components/Page';
import { useWords } from '../i18n/use-words';
import type { Room } from './rooms';

interface RoomBoundaryProps {
  readonly room: Room;
  readonly children: ReactNode;
}

/** React knows boundaries as classes only. Give it the room as `key`, so that another room starts afresh. */
export class RoomBoundary extends Component<RoomBoundaryProps, { readonly fault: string | null }> {
  override state = { fault: null };

  static getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: String(error) };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    return fault === null ? this.props.children : <Broken room={this.props.room} fault={fault} />;
  }
}

function Broken({ room, fault }: { readonly room: Room; readonly fault: string }) {
  const { t } = useWords();
  return (
    <Page title={t(`nav.${room}`)}>
      <Card label={t(`nav.${room}`)} tone="error">
        <p role="alert">{t('connection.broken')}</p>
        <code>{fault}</code>
      </Card>
    </Page>
  );
}
