package dev.ganglion.chaos;

/** A host and port to connect to. */
record Endpoint(String host, int port) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
