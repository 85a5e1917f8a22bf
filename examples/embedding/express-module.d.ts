/** The little of Express that the example uses; Express brings no types. */
declare module "express" {
  import type { IncomingMessage, Server, ServerResponse } from "node:http";

  interface Reply extends ServerResponse {
    json(body: unknown): void;
  }
  type Handler = (request: IncomingMessage & { readonly body?: unknown }, response: Reply) => unknown;
  interface App {
    use(path: string, handler: Handler): App;
    use(handler: Handler): App;
    post(path: string, handler: Handler): App;
    listen(port: number, host: string, listening: () => void): Server;
  }
  const express: { (): App; json(): Handler };
  export default express;
}
