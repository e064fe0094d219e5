package dev.ganglion.testing.command;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * An operator who issues commands to one agent.
 *
 * @param rest REST client with the admin key of the current brain
 * @param slug slug of the project
 * @param agentId id of the agent
 */
public record CommandOperator(Supplier<Rest> rest, String slug, String agentId) {
    /** Returns an operator for an enrolled agent. */
    public static CommandOperator to(EnrolledAgent agent) {
        return to(agent, () -> agent.brain().rest());
    }

    /** Returns an operator for an enrolled agent who uses this REST client. */
    public static CommandOperator to(EnrolledAgent agent, Supplier<Rest> rest) {
        return new CommandOperator(rest, agent.slug(), agent.id());
    }

    /** Returns the body of a command that any worker process may take. */
    public static JsonObject cancelBody(String taskId) {
        return new JsonObject().put("engine", "celery").put("task_id", taskId);
    }

    /** Returns the path of the project's commands. */
    public String path() {
        return "/projects/" + slug + "/commands";
    }

    /** Posts a body. Adds the id of this agent unless the body names another. */
    public Rest.Response post(String verb, JsonObject body) {
        return rest.get()
                .post(
                        path() + "/" + verb,
                        new JsonObject().put("agent_id", agentId).mergeIn(body));
    }

    /** Issues a command and returns it as in the REST response. */
    @CanIgnoreReturnValue
    public JsonObject issue(String verb, JsonObject body) {
        return post(verb, body).expect(202);
    }

    /** Issues a command that any worker process may take, and returns its id. */
    public String cancel(String taskId) {
        return issue("cancel-task", cancelBody(taskId)).getString("id");
    }

    /** Issues this many commands one after the other, and returns their ids. */
    @CanIgnoreReturnValue
    public List<String> cancelMany(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(cancel("t" + i));
        }
        return ids;
    }

    /** Returns the current state of a command. */
    public JsonObject get(String id) {
        return rest.get().get(path() + "/" + id).expect(200);
    }

    /** Returns a command as soon as it is final, or after this many seconds. */
    public JsonObject await(String id, int seconds) {
        return rest.get().get(path() + "/" + id + "?wait=" + seconds).expect(200);
    }

    /** Returns the current status of a command. */
    public String status(String id) {
        return get(id).getString("status");
    }

    /** Returns one page of the list. */
    public JsonObject page(String query) {
        return rest.get().get(path() + "?" + query).expect(200);
    }

    /** Returns all commands that match a query, from all pages. */
    public List<JsonObject> list(String query) {
        List<JsonObject> all = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = page(query + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            items(page).forEach(all::add);
            cursor = page.getString("next_cursor");
        }
        return all;
    }

    /** Returns the items of a page. */
    public static List<JsonObject> items(JsonObject page) {
        List<JsonObject> items = new ArrayList<>();
        JsonArray array = page.getJsonArray("items");
        for (int i = 0; i < array.size(); i++) {
            items.add(array.getJsonObject(i));
        }
        return items;
    }

    /** Returns the ids of a list of commands. */
    public static List<String> ids(List<JsonObject> commands) {
        return commands.stream().map(command -> command.getString("id")).toList();
    }
}
