package dev.ganglion.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;

/** Sends messages within this node by reference. A message must not change after it was sent. */
public final class LocalBus {
    private static final String CODEC = "ganglion.local";
    private static final DeliveryOptions LOCAL =
            new DeliveryOptions().setLocalOnly(true).setCodecName(CODEC);

    private final Vertx vertx;

    private LocalBus(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Registers the codec and returns the bus. Call this method once per {@link Vertx}, before the first message. */
    public static LocalBus on(Vertx vertx) {
        vertx.eventBus().registerCodec(new ByReference());
        return new LocalBus(vertx);
    }

    /** Sends to one consumer of the address. The message is lost if there is no consumer. */
    public void send(String address, Object message) {
        vertx.eventBus().send(address, message, LOCAL);
    }

    /** Sends to every consumer of the address on this node. */
    public void publish(String address, Object message) {
        vertx.eventBus().publish(address, message, LOCAL);
    }

    private static final class ByReference implements MessageCodec<Object, Object> {
        @Override
        public void encodeToWire(Buffer buffer, Object message) {
            throw new UnsupportedOperationException("a local message cannot be sent to another node");
        }

        @Override
        public Object decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("a local message cannot be received from another node");
        }

        @Override
        public Object transform(Object message) {
            return message;
        }

        @Override
        public String name() {
            return CODEC;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
