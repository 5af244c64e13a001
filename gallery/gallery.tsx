// Shows cases of the gallery: the App of the renderer over a fake program with a state of the fixtures, with a fixed clock.
import { StrictMode } from 'react';
import type { Root } from 'react-dom/client';
import { App } from '../src/renderer/App';
import { ipcApi } from '../src/renderer/api/ipc-api';
import type { OperationName } from '../src/shared/api/app-api';
import type { ScreenClock } from '../src/renderer/clock/Clock';
import { createI18n, resolveLanguage } from '../src/renderer/i18n/i18n';
import { hrefOf } from '../src/renderer/routes';
import { createScreenStore, follow } from '../src/renderer/store/app-store';
import { NOW } from '../tests/fixtures/app-states/moment';
import { memoryStorage } from '../tests/fixtures/memory-storage';
import { SITUATIONS } from '../tests/fixtures/app-states/states';
import { type GalleryCase, type Look, nameOf, parseSearch } from './gallery-case';
import { type Opening, OPENINGS } from './openings';
import { createProgram, earlierReadings } from './program';
import { frames, until, userOf } from './user';

const CLOCK: ScreenClock = { now: () => NOW, subscribe: () => () => undefined };

export interface Gallery {
  /** Shows the case of a URL's search; resolves when the page is complete. */
  show(search: string): Promise<void>;
}

export function createGallery(root: Root): Gallery {
  let unfollow = (): void => undefined;
  let shows = 0;

  async function showCase(shown: GalleryCase, look: Look): Promise<void> {
    const opening: Opening | null = shown.opening === null ? null : OPENINGS[shown.opening];
    const state = SITUATIONS[shown.situation]();
    const program = createProgram(state);
    for (const [name, outcome] of Object.entries(opening?.answers ?? {})) program.answer(name as OperationName, outcome);
    // Answers are decoded as in the desktop app: a fixture that breaks the schema is an error on the page.
    const api = ipcApi(program);
    // What one case stores does not affect the next one.
    const storage = memoryStorage({ 'muster.preferences': JSON.stringify(look), ...opening?.stored?.all });
    const store = createScreenStore({ storage, tab: memoryStorage(opening?.stored?.tab), now: CLOCK.now });
    unfollow();
    unfollow = follow(store, api, CLOCK.now);
    for (const event of earlierReadings(state)) program.emit.onEvent(event);
    program.emit.onEvent({ type: 'snapshot', state });

    const i18n = createI18n(resolveLanguage(look.language, navigator.languages));
    location.hash = hrefOf({ page: shown.page, id: opening?.id ?? null, search: opening?.search ?? '' });
    const endpoint = {
      url: state.host === null ? `https://${state.pool?.in_cluster === true ? 'atelier-1.example' : '192.168.1.20'}:7080` : null,
      hasToken: () => true,
    };
    root.render(
      <StrictMode key={shows++}>
        <App screen={{ store, api, setToken: () => undefined, endpoint }} clock={CLOCK} i18n={i18n} />
      </StrictMode>,
    );
    await until(`the page ${nameOf(shown)}`, () => document.querySelector(`main[data-page="${shown.page}"]`));
    await until(`the charts of ${nameOf(shown)}`, chartsDrawn);
    await frames();
    if (opening === null) return;
    await opening.act?.(userOf(i18n), program);
    await until(`${opening.until} of ${nameOf(shown)}`, () => document.querySelector(opening.until));
    await frames();
  }

  return {
    async show(search) {
      const wanted = parseSearch(search);
      if (wanted === null) throw new Error(`No case of the gallery: ${search}`);
      await showCase(wanted.shown, wanted.look);
    },
  };
}

/** Pages and the library of the charts load when they are first shown. Null: one of them is not there yet. */
function chartsDrawn(): true | null {
  if (document.querySelector('[data-page-loading]') !== null) return null;
  return [...document.querySelectorAll('[data-plot]')].every((box) => box.clientWidth === 0 || box.querySelector('canvas') !== null)
    ? true
    : null;
}
