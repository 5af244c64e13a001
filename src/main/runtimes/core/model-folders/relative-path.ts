// Decides from the text of a manifest's path whether the path stays below its folder on every platform. file-stat.ts checks links.

/** Why a path is refused. Null: the path is relative and stays below its folder. The separator is `/` on every platform. */
export function pathFault(path: string): string | null {
  if (path === '') return 'is empty';
  if (path.length > 1024) return 'is longer than 1024 characters';
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'contains a control character';
  if (path.includes('\\')) return 'contains a backslash: use / between folders';
  if (path.startsWith('/')) return 'is absolute';
  // On Windows `C:x` is another drive and `x:y` another stream of the same file.
  if (path.includes(':')) return 'contains a colon';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leaves its folder';
  if (parts.includes('') || parts.includes('.')) return 'has an empty part';
  return null;
}
