package dev.ganglion.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * An operator's hands on the commands of one agent.
 *
 * @param rest REST with the admin key, of the brain that is there now
 * @param slug the project's
 * @param agentId whom the commands are for
 */
public record Commands(Supplier<Rest> rest, String slug, String agentId) {
    /** For an agent that is enrolled. */
    public static Commands to(Enrolled agent) {
        return new Commands(() -> agent.brain().rest(), agent.slug(), agent.id());
    }

    /** A body of a verb that any worker may take. */
    public static JsonObject cancelBody(String taskId) {
        return new JsonObject().put("engine", "celery").put("task_id", taskId);
    }

    /** The project's commands, as an address. */
    public String path() {
        return "/projects/" + slug + "/commands";
    }

    /** Posts a body, with this agent's id unless it names another. */
    public Rest.Response post(String verb, JsonObject body) {
        return rest.get()
                .post(
                        path() + "/" + verb,
                        new JsonObject().put("agent_id", agentId).mergeIn(body));
    }

    /** Issues a command; gives it as REST does. */
    @CanIgnoreReturnValue
    public JsonObject issue(String verb, JsonObject body) {
        return post(verb, body).expect(202);
    }

    /** Issues a command that any worker may take; gives its id. */
    public String cancel(String taskId) {
        return issue("cancel-task", cancelBody(taskId)).getString("id");
    }

    /** Issues so many, one after the other; gives their ids. */
    @CanIgnoreReturnValue
    public List<String> cancelMany(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(cancel("t" + i));
        }
        return ids;
    }

    /** A command as it stands. */
    public JsonObject get(String id) {
        return rest.get().get(path() + "/" + id).expect(200);
    }

    /** A command when it is final, or after so many seconds. */
    public JsonObject await(String id, int seconds) {
        return rest.get().get(path() + "/" + id + "?wait=" + seconds).expect(200);
    }

    /** Where a command stands. */
    public String status(String id) {
        return get(id).getString("status");
    }

    /** One page of the list. */
    public JsonObject page(String query) {
        return rest.get().get(path() + "?" + query).expect(200);
    }

    /** All that a query finds, page by page. */
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

    /** The items of a page. */
    public static List<JsonObject> items(JsonObject page) {
        List<JsonObject> items = new ArrayList<>();
        JsonArray array = page.getJsonArray("items");
        for (int i = 0; i < array.size(); i++) {
            items.add(array.getJsonObject(i));
        }
        return items;
    }

    /** The ids of a list. */
    public static List<String> ids(List<JsonObject> commands) {
        return commands.stream().map(command -> command.getString("id")).toList();
    }
}
