/** What a page of AI Studio does: it connects, and answers what comes down the socket. */
export interface RelayMessage {
  readonly id: string;
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>>;
}

export interface Page {
  readonly socket: WebSocket;
  readonly seen: RelayMessage[];
  send(message: RelayMessage): void;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
}

/** @throws when the gateway does not let it in */
export function openPage(url: string, answer: (message: RelayMessage, page: Page) => void): Promise<Page> {
  const socket = new WebSocket(url.replace(/^http/, "ws"));
  const seen: RelayMessage[] = [];
  const page: Page = {
    socket, seen,
    send: (message) => void socket.send(JSON.stringify(message)),
    closed: new Promise((resolve) => socket.addEventListener("close", ({ code }) => resolve(code))),
  };
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as RelayMessage;
    seen.push(message);
    answer(message, page);
  });
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(page));
    socket.addEventListener("error", () => reject(new Error("not let in")));
  });
}
