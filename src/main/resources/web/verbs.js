// The verbs of commands: their form fields, and the warning of each destructive verb.

const task = { name: "task_id", label: "Task id", required: true, maxlength: 200 };
const worker = { name: "worker_name", label: "Worker", required: true, maxlength: 200, hint: "The engine worker's name, such as celery@host-1" };
const queue = { name: "queue", label: "Queue", required: true, maxlength: 200 };

export const VERBS = [
  { name: "retry_task", title: "Retry a task", fields: [task,
    { name: "override_args", label: "Arguments, a JSON list", json: "array", rows: 2, hint: "Required, together with the keyword arguments, if the engine has no retry of its own" },
    { name: "override_kwargs", label: "Keyword arguments, a JSON object", json: "object", rows: 2 },
    { name: "eta_seconds", label: "Delay in seconds", type: "number", min: 0, max: 86_400 }] },
  { name: "cancel_task", title: "Cancel a task", fields: [task], destroys: (body) => ["The engine revokes the task, and terminates it if it is running.", body.task_id] },
  { name: "reconcile_task", title: "Ask the engine for a task's state", fields: [task] },
  { name: "bulk_retry", title: "Retry many tasks", fields: [
    { name: "filter", label: "Filter, a JSON object", json: "object", rows: 3, required: true, hint: "The agent defines the filter; Celery agents accept {\"task_ids\": […]}" },
    { name: "max", label: "Most tasks to retry", type: "number", min: 1, max: 10_000, required: true, start: 100 }],
    destroys: (body) => [`Up to ${body.max} tasks will run again.`, String(body.max)] },
  { name: "purge_queue", title: "Purge a queue", admin: true, fields: [queue,
    { name: "force", label: "Condition", options: [["", "Only if the depth is still the reported depth"], ["true", "None: purge at any depth"]] },
    { name: "confirm_token", label: "Confirm token", maxlength: 200, hint: "Leave empty to derive it from the queue's reported depth" }],
    destroys: (body) => ["All tasks waiting in this queue will be lost.", body.queue] },
  { name: "restart_worker", title: "Restart a worker", fields: [worker], destroys: (body) => ["The engine worker restarts. Its running tasks may be lost.", body.worker_name] },
  { name: "pool_resize", title: "Resize a pool", fields: [worker,
    { name: "delta", label: "Change in the number of processes", type: "number", min: -100, max: 100, required: true, hint: "From -100 to 100, but not 0" }],
    destroys: (body) => (body.delta < 0 ? [`The pool will lose ${-body.delta} ${body.delta === -1 ? "process" : "processes"}.`, body.worker_name] : null) },
  { name: "add_consumer", title: "Start consuming a queue", fields: [worker, queue] },
  { name: "cancel_consumer", title: "Stop consuming a queue", fields: [worker, queue], destroys: (body) => ["The engine worker will take no more tasks from this queue.", body.queue] },
  { name: "rate_limit", title: "Limit a task's rate", fields: [
    { name: "task_name", label: "Task", required: true, maxlength: 500 },
    { name: "rate", label: "Rate", required: true, pattern: "0|[1-9][0-9]*(/[smh])?", placeholder: "100/m", hint: "Examples: 10/s, 100/m, 5/h; 0 removes the limit" },
    { ...worker, required: false, hint: "Leave empty for every worker" }] },
];

export const titleOf = (name) => VERBS.find((verb) => verb.name === name)?.title || name.replaceAll("_", " ");

// Returns the target of a command: its target id, or else the task name or the queue in its payload.
export const targetOf = (command) => command.target_id || command.payload?.task_name || command.payload?.queue || "–";

const names = (verb) => (verb === "pool_resize" ? ["pool_resize", "pool_grow", "pool_shrink"] : [verb]);

// The engines of an agent that announced this verb; null if the agent's capabilities are unknown. An agent that
// connects only by long poll announces its engines, but not their capabilities. Every agent answers reconcile_task, and
// none announces it.
export function enginesFor(agent, verb) {
  if (verb === "reconcile_task") return null;
  if (!agent?.engine_adapters.length || !Object.keys(agent.capabilities).length) return null;
  return agent.engine_adapters.filter((engine) => names(verb).some((name) => (agent.capabilities[engine] || []).includes(name)));
}

// The engine of a request body; if it names none, the only engine of the agent.
export const engineOf = (agent, body) => body.engine || (agent.engine_adapters.length === 1 ? agent.engine_adapters[0] : "");

// The object that a request body names: a task, a worker or a queue.
export const objectOf = (body) => [body.task_id || body.task_name, body.worker_name, body.queue].filter(Boolean).join(", ");

export class FieldProblem extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

function parsed(field, text) {
  try {
    const value = JSON.parse(text);
    if (value !== null && (field.json === "array") === Array.isArray(value) && typeof value === "object") return value;
  } catch {
    // The text is not JSON; the error below reports that.
  }
  throw new FieldProblem(field.name, `Enter a JSON ${field.json === "array" ? "list" : "object"}.`);
}

// Builds the request body from the values of the form.
export function bodyOf(verb, form) {
  const body = {};
  for (const field of verb.fields) {
    const text = (form[field.name] ?? "").trim();
    if (text === "") continue;
    if (field.json) body[field.name] = parsed(field, text);
    else if (field.type === "number") body[field.name] = Number(text);
    else if (field.name === "force") body.force = text === "true";
    else body[field.name] = text;
  }
  if (body.delta === 0) throw new FieldProblem("delta", "Enter a number other than 0.");
  return body;
}
