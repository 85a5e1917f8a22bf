/** How much of the data is looked at: enough for the metadata that cameras put before the size. Base64 characters. */
const LOOK = 256 * 1024;

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Width and height of a PNG, GIF or JPEG, from its first bytes; `undefined` for anything else. */
export function imageSize(base64: string): ImageSize | undefined {
  const bytes = firstBytes(base64);
  if (bytes === undefined || bytes.length < 24) return undefined;
  const at = new DataView(bytes.buffer);
  if (at.getUint32(0) === 0x89504e47) return { width: at.getUint32(16), height: at.getUint32(20) };
  if (at.getUint32(0) === 0x47494638) return { width: at.getUint16(6, true), height: at.getUint16(8, true) };
  return at.getUint16(0) === 0xffd8 ? jpegSize(at) : undefined;
}

function firstBytes(base64: string): Uint8Array<ArrayBuffer> | undefined {
  const head = base64.slice(0, LOOK);
  try {
    return Uint8Array.from(atob(head.slice(0, head.length - (head.length % 4))), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Walks the segments to the one that begins the picture (`SOF`). */
function jpegSize(at: DataView): ImageSize | undefined {
  let position = 2;
  while (position + 9 <= at.byteLength && at.getUint8(position) === 0xff) {
    const marker = at.getUint8(position + 1);
    const beginsPicture = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (beginsPicture) return { width: at.getUint16(position + 7), height: at.getUint16(position + 5) };
    position += 2 + at.getUint16(position + 2);
  }
  return undefined;
}
