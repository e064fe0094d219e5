package dev.ganglion.dev.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.config.value.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;

/** Checks over a plain socket whether a Redis on this machine serves. */
final class RedisPing {
    private static final int LIMIT_MILLIS = 1000;

    private RedisPing() {}

    /**
     * Returns whether Redis accepts the password and answers. A Redis that is still loading its data does not answer.
     */
    static boolean answers(int port, Secret password) {
        try (Socket socket = new Socket()) {
            socket.connect(RedisProcess.address(port), LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            byte[] secret = password.utf8();
            socket.getOutputStream().write(("*2\r\n$4\r\nAUTH\r\n$" + secret.length + "\r\n").getBytes(UTF_8));
            socket.getOutputStream().write(secret);
            socket.getOutputStream().write("\r\n*1\r\n$4\r\nPING\r\n".getBytes(UTF_8));
            BufferedReader replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            return "+OK".equals(replies.readLine()) && "+PONG".equals(replies.readLine());
        } catch (IOException e) {
            return false;
        }
    }
}
