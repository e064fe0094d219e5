package dev.ganglion.chaos;

/** Where something listens. */
record Endpoint(String host, int port) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
