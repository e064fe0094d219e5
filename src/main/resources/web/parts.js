// Small components that all screens share.

import { html, useEffect, useId, useRef, useState } from "./vendor/ui.js";
import { ago, clock } from "./format.js";

export function Ago({ time }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  if (!time) return html`<span class="quiet">never</span>`;
  return html`<time datetime=${time} title=${clock(time)}>${ago(time, Math.max(now, Date.now()))}</time>`;
}

export function At({ time }) {
  return time ? html`<time datetime=${time} class="mono">${clock(time)}</time>` : html`<span class="quiet">–</span>`;
}

const TONES = {
  online: "good", completed: "good", success: "good", ready: "good", ok: "good", connect: "good",
  failed: "bad", failure: "bad", timeout: "bad", rejected: "bad", revoked: "bad", refusal: "bad", denied: "bad", error: "bad",
  pending: "busy", dispatched: "busy", acknowledged: "busy", started: "busy", received: "busy",
  retry: "warn", draining: "warn", flood: "warn", contest: "warn", destroys: "warn",
};

export function Badge({ of, children }) {
  return html`<span class="badge ${TONES[of] || "plain"}">${children || of}</span>`;
}

export function Copy({ text, label = "Copy" }) {
  const [done, setDone] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone("Copied");
    } catch {
      setDone("Cannot copy; select the text");
    }
    setTimeout(() => setDone(""), 2_000);
  };
  return html`<button type="button" class="small" onClick=${copy}>
    <span aria-live="polite">${done || label}</span>
  </button>`;
}

export function Fault({ problem, retry }) {
  if (!problem) return null;
  return html`<div class="note bad" role="alert">
    <p>${problem.message}</p>
    ${problem.requestId && problem.status >= 500 && html`<p class="quiet mono">Request id: ${problem.requestId}</p>`}
    ${retry && html`<button type="button" class="small" onClick=${retry}>Try again</button>`}
  </div>`;
}

export function Empty({ title, children }) {
  return html`<div class="empty"><p class="lead">${title}</p>${children && html`<p>${children}</p>`}</div>`;
}

export const Loading = () => html`<p class="quiet loading" role="status">Loading…</p>`;

export function Field({ label, hint, error, children, ...input }) {
  const id = useId();
  const describes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  const control = { id, "aria-describedby": describes, "aria-invalid": error ? "true" : undefined, ...input };
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${input.options ? html`<${Select} ...${control} />` : input.rows ? html`<textarea ...${control} />` : html`<input type="text" autocomplete="off" ...${control} />`}
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
  </div>`;
}

// With `value` the screen controls the choice; with `defaultValue` only the user changes it.
function Select({ options, value, defaultValue, ...rest }) {
  const chosen = value === undefined ? defaultValue : value;
  return html`<select ...${value === undefined ? {} : { value }} ...${rest}>
    ${options.map((each) => {
      const [key, text] = Array.isArray(each) ? each : [each, each];
      return html`<option value=${key} selected=${key === chosen}>${text}</option>`;
    })}
  </select>`;
}

// A native dialog: it traps the focus, and Escape closes it.
export function Dialog({ title, onClose, children, wide }) {
  const dialog = useRef(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    dialog.current.querySelector("input, select, textarea, .actions button")?.focus();
    return () => before?.isConnected && before.focus();
  }, []);
  return html`<dialog ref=${dialog} class=${wide ? "wide" : ""} aria-labelledby=${id} onCancel=${(e) => (e.preventDefault(), onClose())}>
    <header><h2 id=${id}>${title}</h2>
      <button type="button" class="plain" aria-label="Close" onClick=${onClose}>✕</button></header>
    ${children}
  </dialog>`;
}

// Asks for confirmation. With `name`, the user has to type that name.
export function Confirm({ title, text, name, action, run, onClose }) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await run();
      onClose();
    } catch (failure) {
      setProblem(failure);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <form onSubmit=${submit}>
      <p>${text}</p>
      ${name && html`<${Field} label=${html`Type <strong class="mono">${name}</strong> to confirm`} value=${typed}
        onInput=${(e) => setTyped(e.target.value)} spellcheck="false" />`}
      <${Fault} problem=${problem} />
      <div class="actions">
        <button type="button" onClick=${onClose}>Cancel</button>
        <button class="danger" disabled=${busy || (name && typed !== name)}>${action}</button>
      </div>
    </form>
  </${Dialog}>`;
}
