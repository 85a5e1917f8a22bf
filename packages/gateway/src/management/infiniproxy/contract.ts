import { z } from "zod";
import { defineOperation, idParams } from "../contract/operation.ts";

/** Naive UTC, as Python's `isoformat` writes it. */
const moment = z.string();
const created = { success: z.literal(true) };
const totals = { total_requests: z.number(), total_input_tokens: z.number(), total_output_tokens: z.number(), total_tokens: z.number() };
/** Parameters travel in the query string, as a form or as JSON; unknown ones are passed over. */
const word = z.string().optional();
const range = z.object({ start_date: word, end_date: word });

const common = { tag: "infiniproxy", faultMember: "detail", auth: "management" as const };
const backendUsage = z.object({ ...totals, usage_by_backend: z.array(z.object({ backend_url: z.string(), model: z.string(), ...totals })) });

/** The interface of infiniproxy, with its paths, fields and texts; its open doors are closed. */
export const infiniproxyOperations = {
  addUser: defineOperation({
    ...common, id: "infiniproxyAddUser", method: "POST", path: "/admin/users", summary: "Add a user with a key", query: z.object({ username: word, email: word }), audit: "user.created",
    reply: z.object({ ...created, user_id: z.number(), username: z.string(), message: z.string(), api_key: z.string(), warning: z.string() }), failures: { 400: "the name is missing or taken" },
  }),
  users: defineOperation({
    ...common, id: "infiniproxyUsers", method: "GET", path: "/admin/users", summary: "All users, newest first",
    reply: z.object({ users: z.array(z.object({ id: z.number(), username: z.string(), email: z.string().nullable(), created_at: moment, is_active: z.boolean() })) }),
  }),
  removeUser: defineOperation({
    ...common, id: "infiniproxyRemoveUser", method: "DELETE", path: "/admin/users/{id}", summary: "Remove a user and its keys; its usage stays", params: idParams, audit: "user.removed",
    reply: z.object({ ...created, message: z.string() }), failures: { 404: "there is no such user" },
  }),
  addUsers: defineOperation({
    ...common, id: "infiniproxyAddUsers", method: "POST", path: "/admin/users/batch", summary: "Add the users of a CSV, each with a key", description: "`csv_text` or the file `csv_file`, lines of `username,email`.", audit: "user.created",
    query: z.object({ csv_text: word }), replyType: "text/csv", failures: { 400: "there are no lines" },
  }),
  addKey: defineOperation({
    ...common, id: "infiniproxyAddKey", method: "POST", path: "/admin/api-keys", summary: "Add a key of a user", query: z.object({ user_id: word, name: word }), audit: "key.created",
    reply: z.object({ ...created, api_key: z.string(), user_id: z.number(), name: z.string().nullable(), warning: z.string() }), failures: { 400: "user_id is missing", 404: "there is no such user" },
  }),
  keys: defineOperation({
    ...common, id: "infiniproxyKeys", method: "GET", path: "/admin/api-keys", summary: "All keys, or those of a user, newest first", query: z.object({ user_id: word }),
    reply: z.object({ api_keys: z.array(z.object({ id: z.number(), user_id: z.number().nullable(), key_prefix: z.string(), name: z.string().nullable(), created_at: moment, last_used_at: moment.nullable(), is_active: z.boolean() })) }),
  }),
  endKey: defineOperation({
    ...common, id: "infiniproxyEndKey", method: "DELETE", path: "/admin/api-keys/{id}", summary: "Switch a key off", params: idParams, audit: "key.changed",
    reply: z.object({ ...created, message: z.string() }), failures: { 404: "there is no such key" },
  }),
  logIn: defineOperation({
    ...common, auth: "open", id: "infiniproxyLogIn", method: "POST", path: "/admin/login", summary: "Open a session of a program", description: "`username` may be any; `password` is the management key. The cookie `admin_session` is good for a day.",
    reply: z.object({ ...created, message: z.string() }), failures: { 400: "name or password is missing", 401: "the password is wrong", 403: "too many failures, or remote management is off" },
  }),
  logOut: defineOperation({ ...common, auth: "open", id: "infiniproxyLogOut", method: "POST", path: "/admin/logout", summary: "End a session of a program", reply: z.object({ ...created, message: z.string() }) }),
  logInPage: defineOperation({ ...common, auth: "open", id: "infiniproxyLogInPage", method: "GET", path: "/admin/login-page", summary: "Leads to the web interface, which asks who it is", status: 303 }),
  myUsage: defineOperation({
    ...common, auth: "client", id: "infiniproxyMyUsage", method: "GET", path: "/usage/me", summary: "What the caller's user has used", query: range,
    reply: z.object({ user_id: z.number().nullable(), username: z.string(), ...totals, usage_by_endpoint: z.array(z.object({ endpoint: z.string(), model: z.string(), ...totals })), start_date: z.string().nullable(), end_date: z.string().nullable() }),
    failures: { 400: "a date is none" },
  }),
  keyUsage: defineOperation({
    ...common, auth: "open", id: "infiniproxyKeyUsage", method: "GET", path: "/usage/api-key/{id}", summary: "What a key has used", description: "For the key itself, or with the management key.", params: idParams,
    reply: z.object({ api_key_id: z.number(), ...totals }), failures: { 401: "neither that key nor a management key", 403: "another client key" },
  }),
  keyBackends: defineOperation({
    ...common, auth: "open", id: "infiniproxyKeyBackends", method: "GET", path: "/usage/api-key/{id}/by-backend", summary: "What a key has used, by provider and model", params: idParams, reply: z.object({ api_key_id: z.number(), ...backendUsage.shape }),
    failures: { 401: "neither that key nor a management key", 403: "another client key" },
  }),
  userBackends: defineOperation({
    ...common, id: "infiniproxyUserBackends", method: "GET", path: "/admin/users/{id}/usage/by-backend", summary: "What a user has used, by provider and model", params: idParams, reply: z.object({ user_id: z.number(), ...backendUsage.shape }),
  }),
  keyModel: defineOperation({
    ...common, auth: "client", id: "infiniproxyKeyModel", method: "GET", path: "/settings/model", summary: "The model of the caller's key",
    reply: z.object({ api_key_id: z.number(), api_key_name: z.string().nullable(), model_name: z.string().nullable(), using_default: z.boolean() }), failures: { 404: "the key is one of the configuration" },
  }),
  setKeyModel: defineOperation({
    ...common, auth: "client", id: "infiniproxySetKeyModel", method: "PUT", path: "/settings/model", summary: "Set the model of the caller's key; null takes it away", description: "It answers to names that nobody serves.", audit: "key.changed",
    body: z.object({ model_name: z.string().trim().min(1).max(200).nullable() }), reply: z.object({ ...created, api_key_id: z.number(), model_name: z.string().nullable(), message: z.string() }),
    failures: { 403: "the key may not use this model", 404: "the key is one of the configuration" },
  }),
  backends: defineOperation({ ...common, id: "infiniproxyBackends", method: "GET", path: "/admin/usage/by-backend", summary: "What all have used, by provider and model", reply: backendUsage }),
};
