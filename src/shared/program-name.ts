/** The name by which programs are compared: `C:\Games\Factorio.EXE` and `factorio` are the same. */
export const programNameOf = (program: string): string =>
  (program.split(/[\\/]/).at(-1) ?? '')
    .trim()
    .toLowerCase()
    .replace(/\.exe$/, '');
