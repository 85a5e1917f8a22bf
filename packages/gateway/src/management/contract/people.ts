import { z } from "zod";
import { limitsSchema } from "../../access/limits.ts";
import { BASE, defineOperation, idParams, time } from "./operation.ts";

const name = z.string().trim().min(1).max(200);

/** What is left of a limit. */
export const budgetState = z.strictObject({
  window: z.string(), limitTokens: z.number().optional(), usedTokens: z.number(), limitUsd: z.number().optional(), usedUsd: z.number(),
  /** Epoch ms; absent for `total`. */
  resetsAt: time.optional(),
});

export const userView = z.strictObject({
  id: z.number(), username: z.string(), email: z.string().optional(), active: z.boolean(), note: z.string().optional(),
  limits: limitsSchema, createdAt: time, keys: z.number().int(),
  /** Of the user itself, over all of its keys. */
  budgets: z.array(budgetState).optional(),
});
export type UserView = z.infer<typeof userView>;

export const keyView = z.strictObject({
  id: z.number(), userId: z.number().optional(), username: z.string().optional(), name: z.string().optional(), prefix: z.string(), active: z.boolean(),
  createdAt: time, expiresAt: time.optional(), lastUsedAt: time.optional(),
  models: z.array(z.string()), dialects: z.array(z.string()), ipRanges: z.array(z.string()), tags: z.array(z.string()),
  limits: limitsSchema, model: z.string().optional(),
  /** Of the key itself; its owner may have others. */
  budgets: z.array(budgetState),
});
export type KeyView = z.infer<typeof keyView>;

/** The only reply in which a whole key ever stands. */
export const keyOnce = z.strictObject({ key: z.string(), view: keyView });

const userFields = { email: z.email().max(320), note: z.string().max(2000), limits: limitsSchema, active: z.boolean() };
const keyFields = {
  name, expiresAt: time, active: z.boolean(), userId: z.number().int().positive(),
  models: z.array(z.string().min(1)), dialects: z.array(z.string().min(1)), ipRanges: z.array(z.string().min(1)), tags: z.array(z.string().min(1)), limits: limitsSchema, model: z.string().trim().min(1).max(200).describe("answers to names that nobody serves"),
};
const nullable = <T extends Record<string, z.ZodType>>(shape: T) => Object.fromEntries(Object.entries(shape).map(([key, type]) => [key, type.nullable().optional()])) as { [K in keyof T]: z.ZodOptional<z.ZodNullable<T[K]>> };
const optional = <T extends Record<string, z.ZodType>>(shape: T) => Object.fromEntries(Object.entries(shape).map(([key, type]) => [key, type.optional()])) as { [K in keyof T]: z.ZodOptional<T[K]> };

const common = { auth: "management" as const };
const users = { ...common, tag: "Users" };
const keys = { ...common, tag: "Keys" };
const missing = { 404: "there is none with this id" };

export const peopleOperations = {
  listUsers: defineOperation({ ...users, id: "listUsers", method: "GET", path: `${BASE}/users`, summary: "All users, newest first", reply: z.strictObject({ users: z.array(userView) }) }),
  createUser: defineOperation({ ...users, id: "createUser", method: "POST", path: `${BASE}/users`, summary: "Add a user", status: 201, body: z.strictObject({ username: name, ...optional(userFields) }), reply: userView, audit: "user.created", failures: { 409: "the name is taken" } }),
  getUser: defineOperation({ ...users, id: "getUser", method: "GET", path: `${BASE}/users/{id}`, summary: "One user", params: idParams, reply: userView, failures: missing }),
  updateUser: defineOperation({ ...users, id: "updateUser", method: "PATCH", path: `${BASE}/users/{id}`, summary: "Change a user; null takes a value away", params: idParams, body: z.strictObject({ username: name.optional(), ...nullable(userFields) }), reply: userView, audit: "user.changed", failures: { ...missing, 409: "the name is taken" } }),
  deleteUser: defineOperation({ ...users, id: "deleteUser", method: "DELETE", path: `${BASE}/users/{id}`, summary: "Remove a user and its keys; its usage stays", params: idParams, status: 204, audit: "user.removed", failures: missing }),
  listKeys: defineOperation({ ...keys, id: "listKeys", method: "GET", path: `${BASE}/keys`, summary: "Client keys, newest first, never the keys themselves", query: z.strictObject({ userId: z.coerce.number().int().positive().optional() }), reply: z.strictObject({ keys: z.array(keyView) }) }),
  createKey: defineOperation({ ...keys, id: "createKey", method: "POST", path: `${BASE}/keys`, summary: "Make a key; this reply is the only one that shows it", status: 201, body: z.strictObject(optional(keyFields)), reply: keyOnce, audit: "key.created", failures: { 404: "there is no such user" } }),
  getKey: defineOperation({ ...keys, id: "getKey", method: "GET", path: `${BASE}/keys/{id}`, summary: "One key with what its budgets have left", params: idParams, reply: keyView, failures: missing }),
  updateKey: defineOperation({ ...keys, id: "updateKey", method: "PATCH", path: `${BASE}/keys/{id}`, summary: "Change a key; null takes a value away", params: idParams, body: z.strictObject(nullable(keyFields)), reply: keyView, audit: "key.changed", failures: missing }),
  rotateKey: defineOperation({ ...keys, id: "rotateKey", method: "POST", path: `${BASE}/keys/{id}/rotate`, summary: "Give a key a new secret; the old one ends at once", params: idParams, reply: keyOnce, audit: "key.rotated", failures: missing }),
  deleteKey: defineOperation({ ...keys, id: "deleteKey", method: "DELETE", path: `${BASE}/keys/{id}`, summary: "Remove a key; its usage stays", params: idParams, status: 204, audit: "key.removed", failures: missing }),
};
