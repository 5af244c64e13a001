// The installation id of a system, from the output of its programs or from its file. Null: the text has none.

/** `ioreg -rd1 -c IOPlatformExpertDevice` of macOS. */
export const idFromIoreg = (text: string): string | null => /"IOPlatformUUID"\s*=\s*"([0-9A-Fa-f-]+)"/.exec(text)?.[1] ?? null;

/** A text value in the output of `reg query` of Windows. `name`: letters. */
export const textFromRegistry = (text: string, name: string): string | null =>
  new RegExp(`^\\s+${name}\\s+REG_SZ\\s+(\\S.*?)\\s*$`, 'm').exec(text)?.[1] ?? null;

/** `/etc/machine-id`. */
export const idFromMachineIdFile = (text: string): string | null => /^([0-9a-f]{32})\s*$/.exec(text)?.[1] ?? null;
