package dev.ganglion.sbom;

import io.vertx.core.json.JsonObject;
import java.lang.module.ModuleDescriptor.Version;
import java.util.ArrayList;
import java.util.List;

/**
 * A library of a version.
 *
 * @param library {@code group:name}, {@code npm:name}, or a name alone
 */
record Component(String library, String version) {
    /** Returns the components of a bill of materials in CycloneDX's JSON. */
    static List<Component> of(JsonObject bill) {
        List<Component> all = new ArrayList<>();
        bill.getJsonArray("components").stream()
                .map(JsonObject.class::cast)
                .forEach(each -> all.add(new Component(
                        each.getString("group") + ":" + each.getString("name"), each.getString("version"))));
        return all;
    }

    /** Compares versions part by part, numbers as numbers. */
    int compareVersion(String other) {
        return Version.parse(version).compareTo(Version.parse(other));
    }

    @Override
    public String toString() {
        return library + " " + version;
    }
}
