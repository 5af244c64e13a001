// The parts of the dashboard, without a program: `/?parts=charts&language=zh-CN&theme=dark`.
import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { ClockProvider, type ScreenClock } from '../../src/renderer/clock/Clock';
import { createI18n, resolveLanguage } from '../../src/renderer/i18n/i18n';
import { LabelsProvider, useTranslatedLabels } from '../../src/renderer/i18n/use-labels';
import { createScreenStore } from '../../src/renderer/store/app-store';
import { type Screen, ScreenProvider } from '../../src/renderer/store/Screen';
import { resolveCssVariables, theme } from '../../src/renderer/theme/theme';
import { fakeApi } from '../../tests/fixtures/app-states/fake-api';
import { NOW } from '../../tests/fixtures/app-states/moment';
import type { Look } from '../gallery-case';
import { ChartParts } from './ChartParts';
import { TableParts } from './TableParts';
import { ToastParts } from './ToastParts';

const CLOCK: ScreenClock = { now: () => NOW, subscribe: () => () => undefined };

const PARTS: Readonly<Record<string, () => ReactNode>> = { charts: ChartParts, table: TableParts, toasts: ToastParts };

/** No part calls the program. */
const screen: Screen = {
  store: createScreenStore({ storage: window.localStorage, now: CLOCK.now }),
  api: fakeApi(null),
  setToken: null,
  endpoint: { url: null, hasToken: () => false },
};

export const isPartsName = (name: string | null): name is string => name !== null && Object.hasOwn(PARTS, name);

export function PartsPage({ name, look }: { readonly name: string; readonly look: Look }) {
  const Shown = PARTS[name];
  const i18n = createI18n(resolveLanguage(look.language, navigator.languages));
  document.documentElement.lang = i18n.language;
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={resolveCssVariables} forceColorScheme={look.theme === 'dark' ? 'dark' : 'light'}>
        <ClockProvider value={CLOCK}>
          <ScreenProvider value={screen}>
            <Labelled>{Shown !== undefined && <Shown />}</Labelled>
          </ScreenProvider>
        </ClockProvider>
      </MantineProvider>
    </I18nextProvider>
  );
}

function Labelled({ children }: { readonly children: ReactNode }) {
  return <LabelsProvider value={useTranslatedLabels()}>{children}</LabelsProvider>;
}
