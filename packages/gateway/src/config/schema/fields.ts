import { z } from "zod";

/** What a field says of itself; documentation, JSON Schema, redaction and the list of changes are made from it. */
export interface FieldMeta {
  readonly description: string;
  /** What a change needs: nothing, or a new process. */
  readonly reload: "live" | "restart";
  /** Hidden in every view: wholly, but for its last four characters, or only the user and password of an address. */
  readonly secret?: true | "tail" | "userinfo";
  /** Validated and kept, without effect so far: whoever sets it is told. */
  readonly pending?: true;
  readonly [key: string]: unknown;
}

export const live = (description: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ description, reload: "live", ...more });
export const restart = (description: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ description, reload: "restart", ...more });

/** A switch. */
export const flag = (byDefault: boolean): z.ZodDefault<z.ZodBoolean> => z.boolean().default(byDefault);

/** A whole number of at least `least`. */
export const count = (byDefault: number, least = 0): z.ZodDefault<z.ZodInt> => z.int().min(least).default(byDefault);

/** A limit or interval of which 0 and everything below it says "none"; negative numbers are read as 0 after validation. */
export const limit = (byDefault: number): z.ZodDefault<z.ZodInt> => z.int().default(byDefault);

/** Blank, or an http(s) address. Blank ones are taken out after validation. */
export const httpUrl: z.ZodString = z.string().trim().regex(/^$|^https?:\/\/\S+$/i, "expected an http:// or https:// address");

export const proxyUrl: z.ZodString = z.string().trim().regex(
  /^$|^(direct|none)$|^(socks5h?|https?):\/\/\S+$/i,
  "expected a socks5://, socks5h://, http:// or https:// address, or 'direct'",
);

/** Text such as `1h`, `90s` or `1h30m`; see `parseDuration`. */
export const duration: z.ZodString = z.string().trim().regex(
  /^(0|(\d+(\.\d+)?(ms|s|m|h))+)$/,
  "expected a duration such as 90s, 30m or 1h30m",
);

/** Header values may hold keys, so all are secret. */
export const headers: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>> = z
  .record(z.string(), z.string().meta(live("Value. `$Name` copies the client's header of that name.", { secret: "tail" })))
  .default({});

/** Model names in which `*` stands for any run of characters, in any case. */
export const patterns: z.ZodDefault<z.ZodArray<z.ZodString>> = z.array(z.string()).default([]);
