// Files that were dropped, pasted or chosen: pictures join the message, a sound becomes text. Sizes and types are checked before a file is
// read.
import { useState } from 'react';
import { ASK_LIMITS } from '../../../shared/api/ask';
import { type FileFault, fileFault, fileKindOf, type Picture } from './chat';

export interface SoundFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Files {
  readonly pictures: readonly Picture[];
  readonly fault: FileFault | null;
  readonly add: (files: readonly File[]) => Promise<void>;
  readonly remove: (picture: Picture) => void;
  readonly clear: () => void;
}

export function useFiles(onSound: (sound: SoundFile) => void): Files {
  const [pictures, setPictures] = useState<readonly Picture[]>([]);
  const [fault, setFault] = useState<FileFault | null>(null);
  return {
    pictures,
    fault,
    async add(files) {
      const { accepted, sound, fault: found } = sorted(files, ASK_LIMITS.picturesPerMessage - pictures.length);
      setFault(found);
      const read = await Promise.allSettled(accepted.map(async (file) => ({ name: file.name, dataUrl: await dataUrlOf(file) })));
      setPictures((before) => [...before, ...read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))]);
      const unreadable = accepted.find((_file, i) => read[i]?.status === 'rejected');
      if (unreadable !== undefined) setFault({ code: 'file_unreadable', name: unreadable.name });
      if (sound === null) return;
      try {
        onSound({ name: sound.name, type: sound.type, bytes: new Uint8Array(await sound.arrayBuffer()) });
      } catch {
        setFault({ code: 'file_unreadable', name: sound.name });
      }
    },
    remove: (picture) => setPictures((before) => before.filter((other) => other !== picture)),
    clear: () => {
      setPictures([]);
      setFault(null);
    },
  };
}

interface Sorted {
  /** The pictures. */
  readonly accepted: readonly File[];
  readonly sound: File | null;
  /** Why the first of the other files is left out. Null: none is. */
  readonly fault: FileFault | null;
}

/** A message takes pictures as long as it has space, and one sound at a time. */
function sorted(files: readonly File[], space: number): Sorted {
  const good = files.filter((file) => fileFault(file) === null);
  const bad = files.find((file) => fileFault(file) !== null);
  const pictures = good.filter(({ type }) => fileKindOf(type) === 'picture');
  const [sound = null, secondSound] = good.filter(({ type }) => fileKindOf(type) === 'sound');
  const fault = (): FileFault | null => {
    if (bad !== undefined) return fileFault(bad);
    if (pictures.length > space) return { code: 'too_many_pictures', max: ASK_LIMITS.picturesPerMessage };
    return secondSound === undefined ? null : { code: 'one_sound', name: secondSound.name };
  };
  return { accepted: pictures.slice(0, Math.max(0, space)), sound, fault: fault() };
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => reject(new Error('the file cannot be read')));
    reader.readAsDataURL(file);
  });
}
