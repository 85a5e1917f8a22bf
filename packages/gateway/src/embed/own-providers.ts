import type { Dialect, Provider } from "@dragoman/core";
import { createCredentialIds, credentialIndex, credentialLabel } from "../credentials/credential-id.ts";
import type { Credential } from "../credentials/credential.ts";
import type { Service } from "../routing/service.ts";
import { allDialects, hostOf } from "../routing/upstreams-of.ts";
import { CANONICAL } from "./canonical-dialect.ts";
import type { OwnProvider } from "./own-provider.ts";
import { ownSending } from "./own-sending.ts";

/** The providers of an embedder, as routing asks for them. */
export class OwnProviders {
  readonly #own: readonly OwnProvider[];
  readonly #byHost: ReadonlyMap<string, Provider>;
  readonly #byProvider: ReadonlyMap<Provider, OwnProvider>;

  constructor(given: readonly OwnProvider[]) {
    this.#own = given.map((own) => (own.answer === undefined ? own : { ...own, provider: { ...own.provider, dialects: { [CANONICAL]: {} } } }));
    this.#byHost = new Map(this.#own.flatMap(({ provider }) => (provider.hosts ?? []).map((host) => [host, provider])));
    this.#byProvider = new Map(this.#own.map((own) => [own.provider, own]));
  }

  /** Whose address this is, if it is one of these. */
  at(baseUrl: string): Provider | undefined {
    return this.#byHost.get(hostOf(baseUrl.trim()).toLowerCase());
  }

  /** What they offer without a word in the configuration. */
  services(dialects: ReadonlyMap<string, Dialect>): readonly Service[] {
    const ids = createCredentialIds();
    return this.#own.flatMap(({ provider, apiKeys = [undefined], models }) => {
      const upstreams = allDialects(provider.id, provider, provider.baseUrl, { dialects });
      if (upstreams === undefined) throw new Error(`the provider ${provider.id} speaks no dialect of this gateway`);
      const credentials = apiKeys.map((apiKey) => credentialOf(provider, apiKey, ids));
      return { name: provider.id, ownedBy: provider.id, upstreams, credentials, excludes: () => false, catalogue: models ?? provider.catalogue ?? [] };
    });
  }

  /** The service with its requests carried by its provider's own code, where there is some. */
  equip(service: Service): Service {
    const own = this.#byProvider.get(service.upstreams[0].provider);
    if (own === undefined) return service;
    return {
      ...service,
      credentials: service.credentials.map((credential) => {
        const account = ownSending(own, own.provider, credential.apiKey);
        return account === undefined ? credential : { ...credential, account };
      }),
    };
  }
}

function credentialOf({ id: name }: Provider, apiKey: string | undefined, ids: ReturnType<typeof createCredentialIds>): Credential {
  const id = ids(`${name}:own`, apiKey ?? "");
  return {
    id, index: credentialIndex(id), label: credentialLabel(name, apiKey), ...(apiKey !== undefined && { apiKey }),
    headers: {}, priority: 0, weight: 1, disableCooling: false,
  };
}
