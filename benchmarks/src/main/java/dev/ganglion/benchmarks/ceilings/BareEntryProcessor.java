package dev.ganglion.benchmarks.ceilings;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;

/** The smallest useful Hazelcast entry processor: it sets its entry to a number. */
public final class BareEntryProcessor implements EntryProcessor<String, Long, Long>, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1;

    static final int FACTORY = 7_801;

    private long value;

    BareEntryProcessor(long value) {
        this.value = value;
    }

    @Override
    public Long process(Map.Entry<String, Long> entry) {
        entry.setValue(value);
        return value;
    }

    @Override
    public int getFactoryId() {
        return FACTORY;
    }

    @Override
    public int getClassId() {
        return 1;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(value);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        value = in.readLong();
    }

    /** Creates the entry processor on the member that receives it. */
    public static final class Factory implements DataSerializableFactory {
        @Override
        public IdentifiedDataSerializable create(int type) {
            return new BareEntryProcessor(0);
        }
    }
}
