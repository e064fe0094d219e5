package dev.ganglion.gateway;

import java.util.ArrayList;
import java.util.List;

/** What became of an upload's frames. */
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

    /** A frame was refused; beyond a few, the reason is not kept. */
    void refuse(String why) {
        if (errors.size() < MAX_ERRORS) {
            errors.add(why);
        }
    }

    List<String> errors() {
        return errors;
    }
}
