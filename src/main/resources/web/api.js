// Calls the REST API of the brain that served this page.

import { REST } from "./home.js";

const LIMIT_MS = 75_000;

let csrf = null;
let running = new AbortController();
let onLoggedOut = () => {};

export class Problem extends Error {
  constructor(status, body) {
    super(body.message || `The brain answered with status ${status}.`);
    this.status = status;
    this.code = body.error || "";
    this.field = body.details?.field || "";
    this.requestId = body.request_id || "";
  }
}

export function useToken(token) {
  csrf = token;
}

// Aborts all running requests, because they would fail once the session has ended.
export function abortRequests() {
  running.abort();
  running = new AbortController();
}

export function whenLoggedOut(handler) {
  onLoggedOut = handler;
}

async function answer(response) {
  const text = await response.text();
  let body = {};
  try {
    body = text ? JSON.parse(text) : {};
  } catch {
    // The body is not JSON, for example a proxy's error page. Only the status is known.
  }
  if (!response.ok) {
    throw new Problem(response.status, body);
  }
  return body;
}

// A bearer token replaces the session where there is none yet.
export async function call(method, path, body, { bearer } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  else if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  const given = running.signal;
  let response;
  try {
    response = await fetch(REST + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: bearer ? "omit" : "same-origin",
      cache: "no-store",
      signal: AbortSignal.any([given, AbortSignal.timeout(LIMIT_MS)]),
    });
  } catch (failure) {
    if (given.aborted) throw failure;
    throw new Problem(0, { error: "unreachable", message: "The brain is unreachable. Check your network and try again." });
  }
  try {
    return await answer(response);
  } catch (problem) {
    if (problem.status === 401 && !bearer && path !== "/auth/login" && path !== "/auth/me") onLoggedOut();
    throw problem;
  }
}

export const get = (path, options) => call("GET", path, undefined, options);
export const post = (path, body, options) => call("POST", path, body, options);
export const patch = (path, body) => call("PATCH", path, body);
export const remove = (path) => call("DELETE", path);

// A query string of these names and values; empty values are left out.
export function query(values) {
  const pairs = Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return pairs.length ? "?" + new URLSearchParams(pairs) : "";
}

export const path = (...parts) => "/" + parts.map(encodeURIComponent).join("/");
