// The commands of the palette. Pages and the shell register sources; a source is called only while the palette is open.
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';

/** In the order of the palette. */
export const COMMAND_GROUPS = ['actions', 'nodes', 'models', 'jobs', 'pages'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface Command {
  /** Unique, and the same at the next visit: recent commands are remembered by it. */
  readonly id: string;
  readonly group: CommandGroup;
  /** E.g. `Drain lab-a100…`: "…" means that a question follows. */
  readonly title: string;
  /** At the right, e.g. `3 jobs finish first`. */
  readonly detail?: string;
  /** Further words by which the command is found. */
  readonly words?: string;
  /** 16 x 16. */
  readonly icon?: ReactNode;
  readonly run: () => void;
}

/** `search`: the text in the field, for commands that exist for a text only, such as to open a job by its id. */
export type CommandSource = (search: string) => readonly Command[];

let sources: readonly { readonly current: CommandSource }[] = [];
let isOpen = false;
let searched = '';
let revision = 0;
const listeners = new Set<() => void>();

/** The latest function is called, so it may be another one in each render. */
export function useCommands(source: CommandSource): void {
  const latest = useRef(source);
  useEffect(() => {
    latest.current = source;
  });
  useEffect(() => {
    sources = [...sources, latest];
    return () => {
      sources = sources.filter((one) => one !== latest);
    };
  }, []);
}

/** The commands of all sources. Of two with the same id, the later: a page can replace a command of the shell. */
export function commandsFor(search: string): readonly Command[] {
  return [...new Map(sources.flatMap(({ current }) => current(search)).map((command) => [command.id, command])).values()];
}

export const openPalette = (): void => setOpen(true);
export const closePalette = (): void => setOpen(false);
export const usePaletteOpen = (): boolean => useSyncExternalStore(subscribe, () => isOpen);

/** The text in the field of the open palette. Empty: it is closed. */
export const usePaletteSearch = (): string => useSyncExternalStore(subscribe, () => searched);
export const setPaletteSearch = (search: string): void => {
  searched = search;
  notify();
};
/** A source has other commands for the same text. */
export const commandsChanged = (): void => {
  revision++;
  notify();
};
export const useCommandsRevision = (): number => useSyncExternalStore(subscribe, () => revision);

function setOpen(next: boolean): void {
  isOpen = next;
  searched = '';
  notify();
}

function notify(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
