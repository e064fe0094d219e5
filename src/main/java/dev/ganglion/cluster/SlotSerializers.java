package dev.ganglion.cluster;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Serializes directory entries and the steps on them for transfer between members. The format is hand-written:
 * Hazelcast's Compact format announces each new schema to all members before the first write, and waits for that on
 * threads that a joining member needs.
 */
final class SlotSerializers {
    /** First type id. Type ids never change, and each format begins with {@link #VERSION}. */
    private static final int FIRST_TYPE = 7_701;

    private static final byte VERSION = 1;

    private interface Writer<T> {
        void write(ObjectDataOutput out, T value) throws IOException;
    }

    private interface Reader<T> {
        T read(ObjectDataInput in) throws IOException;
    }

    private SlotSerializers() {}

    static void register(SerializationConfig config) {
        add(config, 0, AgentSlots.class, SlotSerializers::write, SlotSerializers::slots);
        add(
                config,
                1,
                SlotProcessors.Claim.class,
                (out, step) -> {
                    write(out, step.empty());
                    write(out, step.claim());
                    out.writeInt(step.cap());
                    write(out, step.trusted());
                },
                in -> new SlotProcessors.Claim(slots(in), hold(in), in.readInt(), strings(in)));
        add(
                config,
                2,
                SlotProcessors.Open.class,
                (out, step) -> {
                    write(out, step.empty());
                    write(out, step.slot());
                },
                in -> new SlotProcessors.Open(slots(in), hold(in)));
        add(
                config,
                3,
                SlotProcessors.Release.class,
                (out, step) -> out.writeString(step.session()),
                in -> new SlotProcessors.Release(string(in)));
        add(
                config,
                4,
                SlotProcessors.DropDeadNodes.class,
                (out, step) -> {
                    write(out, step.live());
                    out.writeLong(step.before());
                },
                in -> new SlotProcessors.DropDeadNodes(Set.copyOf(strings(in)), in.readLong()));
        add(
                config,
                5,
                SlotProcessors.DropStaleHolds.class,
                (out, step) -> {
                    out.writeString(step.node());
                    write(out, step.sessions());
                    out.writeLong(step.before());
                },
                in -> new SlotProcessors.DropStaleHolds(string(in), Set.copyOf(strings(in)), in.readLong()));
    }

    private static <T> void add(SerializationConfig config, int type, Class<T> of, Writer<T> writer, Reader<T> reader) {
        config.addSerializerConfig(new SerializerConfig().setTypeClass(of).setImplementation(new StreamSerializer<T>() {
            @Override
            public int getTypeId() {
                return FIRST_TYPE + type;
            }

            @Override
            public void write(ObjectDataOutput out, T value) throws IOException {
                out.writeByte(VERSION);
                writer.write(out, value);
            }

            @Override
            public T read(ObjectDataInput in) throws IOException {
                byte version = in.readByte();
                if (version != VERSION) {
                    throw new IOException(
                            "unknown format " + version + " of a slot entry; a node of another brain version wrote it");
                }
                return reader.read(in);
            }
        }));
    }

    private static void write(ObjectDataOutput out, AgentSlots slots) throws IOException {
        out.writeString(slots.projectId());
        out.writeString(slots.projectSlug());
        out.writeInt(slots.shard());
        out.writeInt(slots.holds().size());
        for (SlotHold hold : slots.holds()) {
            write(out, hold);
        }
    }

    private static AgentSlots slots(ObjectDataInput in) throws IOException {
        String projectId = string(in);
        String projectSlug = string(in);
        int shard = in.readInt();
        int count = in.readInt();
        List<SlotHold> holds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            holds.add(hold(in));
        }
        return new AgentSlots(projectId, projectSlug, shard, List.copyOf(holds));
    }

    private static void write(ObjectDataOutput out, SlotHold hold) throws IOException {
        out.writeString(hold.worker());
        out.writeString(hold.session());
        out.writeString(hold.node());
        out.writeLong(hold.epoch());
        out.writeLong(hold.at());
    }

    private static SlotHold hold(ObjectDataInput in) throws IOException {
        return new SlotHold(string(in), string(in), string(in), in.readLong(), in.readLong());
    }

    private static void write(ObjectDataOutput out, Collection<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeString(text);
        }
    }

    private static List<String> strings(ObjectDataInput in) throws IOException {
        int count = in.readInt();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(string(in));
        }
        return List.copyOf(texts);
    }

    private static String string(ObjectDataInput in) throws IOException {
        return Objects.requireNonNull(in.readString());
    }
}
