/** Ports of this machine to which vendors send browsers back. Only a host can open them. */
export interface CallbackPort {
  /**
   * Takes requests at `http://localhost:<port>`, on both loopback addresses.
   * @throws Error when the port is taken; its message says so
   */
  listen(port: number, handle: (request: Request) => Response | Promise<Response>): Promise<OpenCallbackPort>;
}

export interface OpenCallbackPort {
  readonly port: number;
  close(): void;
}
