package dev.ganglion.config.source;

import dev.ganglion.config.key.KnownKeys;
import dev.ganglion.config.value.ListType;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the YAML configuration file. Sections may be nested or written with dots.
 *
 * <p>The file is read as nodes rather than objects. Therefore every fault has a line number, and every scalar keeps the
 * text that the user wrote.
 */
public final class YamlSource {
    private final Path file;
    private final ConfigProblems problems;
    private final List<SourceValue> given = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();

    private YamlSource(Path file, ConfigProblems problems) {
        this.file = file;
        this.problems = problems;
    }

    public static List<SourceValue> read(Path file, ConfigProblems problems) {
        YamlSource source = new YamlSource(file, problems);
        source.read();
        return source.given;
    }

    private void read() {
        try {
            @Nullable
            Node root = new Yaml(new SafeConstructor(new LoaderOptions()))
                    .compose(new StringReader(Files.readString(file)));
            if (root instanceof MappingNode mapping) {
                section("", mapping);
            } else if (root != null && !Tag.NULL.equals(root.getTag())) {
                problems.add(file.toString(), "is not a map of keys", origin(root));
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            problems.add(file.toString(), "is not valid YAML: " + e.getProblem(), Origin.file(file, line));
        } catch (YAMLException e) {
            problems.add(file.toString(), "is not valid YAML: " + e.getMessage(), Origin.file(file, 1));
        } catch (IOException e) {
            problems.add(file.toString(), "cannot be read: " + reason(e), Origin.file(file, 1));
        }
    }

    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "the file does not exist";
        }
        return e instanceof CharacterCodingException
                ? "the file is not UTF-8"
                : e.getClass().getSimpleName();
    }

    private void section(String prefix, MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                entry(prefix + key.getValue(), key, tuple.getValueNode());
            } else {
                problems.add(
                        prefix.isEmpty() ? file.toString() : prefix,
                        "has a key that is not a text",
                        origin(tuple.getKeyNode()));
            }
        }
    }

    /**
     * Reads a known key or a section. Any other name is reported as unknown and not followed, which also prevents
     * endless recursion through an alias that contains itself.
     */
    private void entry(String name, ScalarNode key, Node value) {
        Origin origin = origin(key);
        KnownKeys.Slot slot = KnownKeys.byName(name).orElse(null);
        if (slot != null) {
            @Nullable
            Integer earlier = lines.putIfAbsent(name, key.getStartMark().getLine() + 1);
            if (earlier != null) {
                problems.add(name, "is set twice, first in line " + earlier, origin);
            } else {
                value(slot, value, origin);
            }
        } else if (!KnownKeys.isSection(name)) {
            problems.unknown(name, origin);
        } else if (value instanceof MappingNode nested) {
            section(name + ".", nested);
        } else if (!Tag.NULL.equals(value.getTag())) {
            problems.add(name, "is a section; write its keys below it", origin);
        }
    }

    private void value(KnownKeys.Slot slot, Node value, Origin origin) {
        boolean list = slot.key().type() instanceof ListType && !slot.fromFile();
        if (Tag.NULL.equals(value.getTag())) {
            if (slot.key().defaultText().filter(text -> !text.isEmpty()).isPresent()) {
                problems.add(slot.name(), "has no value; allowed: " + slot.key().range(), origin);
            }
        } else if (value instanceof ScalarNode scalar) {
            given.add(new SourceValue(slot, scalar.getValue(), origin));
        } else if (list
                && value instanceof SequenceNode items
                && items.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
            given.add(new SourceValue(slot, joined(items), origin));
        } else {
            problems.add(
                    slot.name(),
                    "is not " + (list ? "a list of texts" : "one text") + "; allowed: "
                            + slot.key().range(),
                    origin);
        }
    }

    /** Joins the items, each on a line of its own. */
    private static String joined(SequenceNode items) {
        return items.getValue().stream()
                .map(item -> ((ScalarNode) item).getValue() + "\n")
                .collect(Collectors.joining());
    }

    private Origin origin(Node node) {
        return Origin.file(file, node.getStartMark().getLine() + 1);
    }
}
