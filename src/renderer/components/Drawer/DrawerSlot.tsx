// The place of the frame where a drawer opens: beside the page, whichever part of the page opens it.
import { createContext, useContext } from 'react';

const DrawerSlot = createContext<HTMLElement | null>(null);

/** The element of the frame; null before it exists. */
export const DrawerSlotProvider = DrawerSlot.Provider;
export const useDrawerSlot = (): HTMLElement | null => useContext(DrawerSlot);
