package dev.ganglion.dev.redis;

import dev.ganglion.testing.redis.RedisExtension;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Main class of a process that starts a Redis and waits. Arguments: the data directory, and whether to stop Redis at
 * exit.
 */
final class RedisOwner {
    private RedisOwner() {}

    public static void main(String[] args) throws IOException {
        RedisProcess redis = RedisProcess.start(RedisExtension.spec(Path.of(args[0])));
        if (Boolean.parseBoolean(args[1])) {
            redis.stopAtExit();
        }
        System.out.println(redis.pid());
        System.exit(System.in.read());
    }
}
