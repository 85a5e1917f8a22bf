/** Ports of this machine to which vendors send browsers back. Only a host can open them. */
export interface CallbackPort {
  /**
   * Takes requests at `http://localhost:<port>`, on both loopback addresses.
   * @throws CallbackPortTaken
   */
  listen(port: number, handle: (request: Request) => Response | Promise<Response>): Promise<OpenCallbackPort>;
}

export interface OpenCallbackPort {
  readonly port: number;
  /** Takes no more; resolves when the last answer has gone out. */
  close(): Promise<void>;
}

/** Another program, or another login, listens there. */
export class CallbackPortTaken extends Error {
  override readonly name = "CallbackPortTaken";
  readonly port: number;

  constructor(port: number) {
    super(`port ${port} is taken: end the program that listens there, or let another port be forwarded to it`);
    this.port = port;
  }
}
