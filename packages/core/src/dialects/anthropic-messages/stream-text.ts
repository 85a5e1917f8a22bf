// The events of a stream as text. What repeats with every delta is put together once for each block.

/** `event: content_block_delta` up to the text of the delta. */
export function deltaHead(index: number, type: string, member: string): string {
  return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"${type}","${member}":`;
}

export const DELTA_TAIL = "}}\n\n";

export function namedEvent(type: string, members: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

export function blockStop(index: number): string {
  return `event: content_block_stop\ndata: {"type":"content_block_stop","index":${index}}\n\n`;
}

export const PING = 'event: ping\ndata: {"type": "ping"}\n\n';
export const MESSAGE_STOP = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
