package dev.ganglion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.config.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;

/** Asks a Redis on this machine, over a plain socket, whether it serves yet. */
final class RedisPing {
    private static final int LIMIT_MILLIS = 1000;

    private RedisPing() {}

    /** Whether it takes the password and answers; a Redis that still loads its data does not yet. */
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
