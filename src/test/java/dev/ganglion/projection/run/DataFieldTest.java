package dev.ganglion.projection.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.json.CanonicalObject;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Tests that members of data are recognised. */
class DataFieldTest {
    @Test
    void areInTheOrderOfCanonicalJson() {
        JsonObject all = new JsonObject();
        for (DataField field : DataField.values()) {
            String key = field.name().toLowerCase(Locale.ROOT);
            all.put(key, 1).put(key + "s", 2).put("_" + key, 3).put(key.substring(1), 4);
        }
        byte[] bytes = Json.parse(all.encode()).utf8();
        CanonicalObject members = new CanonicalObject(bytes, 0, bytes.length);
        List<DataField> found = new ArrayList<>();
        while (members.next()) {
            DataField field = DataField.at(members);
            if (field != null) {
                found.add(field);
            }
        }

        assertThat(found).containsExactly(DataField.values());
        assertThat(found).extracting(DataField::bit).isSorted().doesNotHaveDuplicates();
    }
}
