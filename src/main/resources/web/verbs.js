// What can be asked of an agent: the fields of each verb, and which of them destroy.

const task = { name: "task_id", label: "Task id", required: true, maxlength: 200 };
const worker = { name: "worker_name", label: "Worker", required: true, maxlength: 200, hint: "As the engine calls it, such as celery@host-1" };
const queue = { name: "queue", label: "Queue", required: true, maxlength: 200 };

export const VERBS = [
  { name: "retry_task", title: "Retry a task", fields: [task,
    { name: "override_args", label: "Arguments, a JSON list", json: "array", rows: 2, hint: "Required with the next one where the engine has no retry of its own" },
    { name: "override_kwargs", label: "Keyword arguments, a JSON object", json: "object", rows: 2 },
    { name: "eta_seconds", label: "In how many seconds", type: "number", min: 0, max: 86_400 }] },
  { name: "cancel_task", title: "Cancel a task", fields: [task], destroys: (body) => ["The task is revoked, and ended if it runs.", body.task_id] },
  { name: "bulk_retry", title: "Retry many tasks", fields: [
    { name: "filter", label: "Filter, a JSON object", json: "object", rows: 3, required: true, hint: "What it may say is the agent's; Celery takes {\"task_ids\": […]}" },
    { name: "max", label: "At most", type: "number", min: 1, max: 10_000, required: true, start: 100 }],
    destroys: (body) => [`Up to ${body.max} tasks run again.`, String(body.max)] },
  { name: "purge_queue", title: "Purge a queue", admin: true, fields: [queue,
    { name: "force", label: "How", options: [["", "If the depth is still as last told"], ["true", "Whatever the depth is"]] },
    { name: "confirm_token", label: "Confirm token", maxlength: 200, hint: "By default made from the queue's last known depth" }],
    destroys: (body) => ["All tasks that wait in this queue are lost.", body.queue] },
  { name: "restart_worker", title: "Restart a worker", fields: [worker], destroys: (body) => ["The worker restarts; what it runs may be lost.", body.worker_name] },
  { name: "pool_resize", title: "Resize a pool", fields: [worker,
    { name: "delta", label: "Processes more or fewer", type: "number", min: -100, max: 100, required: true, hint: "-100 to 100, not 0" }],
    destroys: (body) => (body.delta < 0 ? [`The pool loses ${-body.delta} processes.`, body.worker_name] : null) },
  { name: "add_consumer", title: "Consume a queue", fields: [worker, queue] },
  { name: "cancel_consumer", title: "Stop consuming a queue", fields: [worker, queue], destroys: (body) => ["The worker takes no more tasks of this queue.", body.queue] },
  { name: "rate_limit", title: "Limit a task's rate", fields: [
    { name: "task_name", label: "Task", required: true, maxlength: 500 },
    { name: "rate", label: "Rate", required: true, pattern: "0|[1-9][0-9]*(/[smh])?", placeholder: "100/m", hint: "0 is no limit; 10/s, 100/m, 5/h" },
    { ...worker, required: false, hint: "Empty: every worker" }] },
];

export const titleOf = (name) => VERBS.find((verb) => verb.name === name)?.title || name.replaceAll("_", " ");

// What a command is about, in a word: some name a target, others have it among their fields.
export const targetOf = (command) => command.target_id || command.payload?.task_name || command.payload?.queue || "–";

const names = (verb) => (verb === "pool_resize" ? ["pool_resize", "pool_grow", "pool_shrink"] : [verb]);

// The engines of an agent that said they can do it; null while nothing is known of the agent. One that only polls says
// which engines it has, and not what they can do.
export function enginesFor(agent, verb) {
  if (!agent?.engine_adapters.length || !Object.keys(agent.capabilities).length) return null;
  return agent.engine_adapters.filter((engine) => names(verb).some((name) => (agent.capabilities[engine] || []).includes(name)));
}

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
    // Said below.
  }
  throw new FieldProblem(field.name, `This is not a JSON ${field.json === "array" ? "list" : "object"}.`);
}

// The body of the request, of what the form holds.
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
  if (body.delta === 0) throw new FieldProblem("delta", "0 changes nothing.");
  return body;
}
