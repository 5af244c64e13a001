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
      const faults = files.map(fileFault).filter((found) => found !== null);
      setFault(faults[0] ?? null);
      if (faults.length > 0) return;
      const sound = files.find(({ type }) => fileKindOf(type) === 'sound');
      if (sound !== undefined) {
        onSound({ name: sound.name, type: sound.type, bytes: new Uint8Array(await sound.arrayBuffer()) });
        return;
      }
      if (pictures.length + files.length > ASK_LIMITS.picturesPerMessage) {
        setFault({ code: 'too_many_pictures', max: ASK_LIMITS.picturesPerMessage });
        return;
      }
      const read = await Promise.all(files.map(async (file) => ({ name: file.name, dataUrl: await dataUrlOf(file) })));
      setPictures((before) => [...before, ...read]);
    },
    remove: (picture) => setPictures((before) => before.filter((other) => other !== picture)),
    clear: () => {
      setPictures([]);
      setFault(null);
    },
  };
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => reject(new Error('the file cannot be read')));
    reader.readAsDataURL(file);
  });
}
