package dev.ganglion.store.frame;

import dev.ganglion.lane.Outcome;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Function;

/**
 * Writes the requests for one or more messages of a lane, and reads the outcomes from the reply to the last request.
 */
interface StoreCall {
    /** Adds the requests, which are sent together. */
    void writeTo(List<Request> requests);

    /** The number of requests. */
    int size();

    /** Extracts the script's reply from the last reply. An error inside a transaction does not fail the transaction. */
    default Response scriptReply(Response last) {
        return last;
    }

    /** Adds the outcome of each message, in order. */
    void read(Response reply, List<Outcome> outcomes);

    /** Creates a call of one request for one message. */
    static StoreCall of(Request request, Function<Response, Outcome> reader) {
        return new Single(request, reader);
    }

    /** Creates a call of one request beside the call of a message, which has the outcome. */
    static StoreCall withoutOutcome(Request request) {
        return new Additional(request);
    }

    /** A call of one request beside the call of a message. */
    record Additional(Request request) implements StoreCall {
        @Override
        public void writeTo(List<Request> requests) {
            requests.add(request);
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void read(Response reply, List<Outcome> outcomes) {
            // The other call of the message adds its outcome.
        }
    }

    /** A call of one request for one message. */
    record Single(Request request, Function<Response, Outcome> reader) implements StoreCall {
        @Override
        public void writeTo(List<Request> requests) {
            requests.add(request);
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void read(Response reply, List<Outcome> outcomes) {
            outcomes.add(reader.apply(reply));
        }
    }
}
