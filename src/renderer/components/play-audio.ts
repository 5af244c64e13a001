// Plays audio from bytes with Web Audio, which needs no element and no URL, so the Content-Security-Policy can stay strict.

/** Resolves to a function that stops the audio; null: the browser cannot play the bytes. `onEnd` is called once, also after a stop. */
export async function playAudio(bytes: Uint8Array<ArrayBuffer>, onEnd: () => void): Promise<(() => void) | null> {
  if (typeof AudioContext === 'undefined') return null;
  const context = new AudioContext();
  try {
    // Decoding detaches the buffer. A copy is passed, so that the audio can be played again.
    const audio = await context.decodeAudioData(bytes.slice().buffer);
    const source = context.createBufferSource();
    source.buffer = audio;
    source.connect(context.destination);
    source.addEventListener('ended', () => {
      void context.close();
      onEnd();
    });
    source.start();
    return () => {
      source.stop();
    };
  } catch {
    await context.close();
    return null;
  }
}
