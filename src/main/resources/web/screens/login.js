// The login form, and the form for the first user of a new brain.

import { html, useEffect, useRef, useState } from "../vendor/ui.js";
import { get, post } from "../api.js";
import { Fault, Field, Loading } from "../parts.js";

function useForm(submit) {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const onSubmit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await submit(Object.fromEntries(new FormData(event.target)));
    } catch (failure) {
      setProblem(failure);
      setBusy(false);
    }
  };
  return { problem, busy, onSubmit, wrong: (field) => (problem?.field === field ? problem.message : "") };
}

function Login({ ended, onEntered }) {
  const form = useForm(async ({ email, password }) => onEntered(await post("/auth/login", { email, password })));
  return html`<form onSubmit=${form.onSubmit}>
    ${ended && html`<p class="note" role="status">Your session has ended. Log in again to continue.</p>`}
    <${Field} label="Email" name="email" type="email" autocomplete="username" required />
    <${Field} label="Password" name="password" type="password" autocomplete="current-password" required />
    <${Fault} problem=${form.problem} />
    <button class="main" disabled=${form.busy}>${form.busy ? "Logging in…" : "Log in"}</button>
  </form>`;
}

function Setup({ onEntered }) {
  const form = useForm(async ({ key, email, password, name }) => {
    const user = { email, password, ...(name && { display_name: name }) };
    await post("/auth/setup", user, { bearer: key.trim() });
    onEntered(await post("/auth/login", { email, password }));
  });
  return html`<form onSubmit=${form.onSubmit}>
    <p>The brain printed its admin key at its first start. If you set <span class="mono">GANGLION_ADMIN_KEY</span>, use that key.</p>
    <${Field} label="Admin key" name="key" class="secret mono" placeholder="z4k_…" spellcheck="false" required />
    <${Field} label="Your email" name="email" type="email" autocomplete="username" required error=${form.wrong("email")} />
    <${Field} label="Your name" name="name" autocomplete="name" maxlength="200" />
    <${Field} label="Password" name="password" type="password" autocomplete="new-password" minlength="10" required
      hint="At least 10 characters" error=${form.wrong("password")} />
    ${!["email", "password"].includes(form.problem?.field) && html`<${Fault} problem=${form.problem} />`}
    <button class="main" disabled=${form.busy}>${form.busy ? "Creating…" : "Create the first user"}</button>
  </form>`;
}

export function LoginScreen({ ended, onEntered }) {
  const [setup, setSetup] = useState(null);
  const [problem, setProblem] = useState(null);
  const head = useRef(null);
  const ask = () => {
    setProblem(null);
    get("/auth/setup").then((answer) => setSetup(answer.needed), setProblem);
  };
  useEffect(ask, []);
  useEffect(() => {
    document.title = `${setup ? "First user" : "Log in"} · Ganglion`;
    head.current.focus();
  }, [setup]);
  return html`<main class="login">
    <h1 tabindex="-1" ref=${head}>${setup ? "Create the first user" : "Log in to Ganglion"}</h1>
    <${Fault} problem=${problem} retry=${ask} />
    ${setup === null && !problem && html`<${Loading} />`}
    ${setup === true && html`<${Setup} onEntered=${onEntered} />`}
    ${setup === false && html`<${Login} ended=${ended} onEntered=${onEntered} />`}
  </main>`;
}
