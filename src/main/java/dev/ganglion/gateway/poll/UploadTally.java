package dev.ganglion.gateway.poll;

import java.util.ArrayList;
import java.util.List;

/** Counts the accepted frames of an upload and collects the reasons of the rejected ones. */
final class UploadTally {
    private static final int MAX_ERRORS = 10;

    private final List<String> errors = new ArrayList<>();
    private int accepted;

    void accept() {
        accepted++;
    }

    int accepted() {
        return accepted;
    }

    /** Records the reason of a rejected frame. Only the first 10 reasons are kept. */
    void reject(String reason) {
        if (errors.size() < MAX_ERRORS) {
            errors.add(reason);
        }
    }

    List<String> errors() {
        return errors;
    }
}
