package dev.ganglion.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Markdown file: its anchors, links, code blocks, inline code, and prose. */
final class Document {
    private static final Pattern FENCE = Pattern.compile("( *)(```+)\\s*([\\w-]*)\\s*");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.+?) *#*");
    private static final Pattern LINK = Pattern.compile("!?\\[(?:[^\\[\\]]|\\[[^\\]]*])*]\\(<?([^)\\s>]+)>?[^)]*\\)");
    private static final Pattern DEFINITION = Pattern.compile("\\[[^\\]]+]: *(\\S+).*");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Set<String> NO_SOURCES = Set.of("target", "node_modules", ".git", ".venv", "venv");

    /**
     * A link to another place.
     *
     * @param line line number, from 1
     * @param target address, as written
     */
    record Link(int line, String target) {}

    /**
     * A line outside code blocks.
     *
     * @param number line number, from 1
     */
    record ProseLine(int number, String text) {}

    private final Path path;
    private final List<CodeBlock> blocks = new ArrayList<>();
    private final List<ProseLine> prose = new ArrayList<>();

    private Document(Path path, String text) {
        this.path = path;
        parse(text.lines().toList());
    }

    /** Reads a document. */
    static Document read(Path path) {
        try {
            return new Document(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }

    /** Parses a text as if it were a document at this path. */
    static Document of(Path path, String text) {
        return new Document(path, text);
    }

    /** Reads all documents of the repository. */
    static List<Document> all() {
        List<Document> documents = new ArrayList<>();
        try {
            Files.walkFileTree(Path.of(""), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    boolean other = NO_SOURCES.contains(directory.getFileName().toString());
                    return other ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(".md")) {
                        documents.add(read(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return documents;
    }

    private void parse(List<String> lines) {
        int at = 0;
        while (at < lines.size()) {
            Matcher fence = FENCE.matcher(lines.get(at));
            if (!fence.matches()) {
                prose.add(new ProseLine(at + 1, lines.get(at)));
                at++;
                continue;
            }
            int opening = at;
            StringBuilder text = new StringBuilder();
            at++;
            while (at < lines.size() && !lines.get(at).strip().equals(fence.group(2))) {
                String line = lines.get(at);
                String indent = fence.group(1);
                text.append(line.startsWith(indent) ? line.substring(indent.length()) : line.stripLeading())
                        .append('\n');
                at++;
            }
            at++;
            String before = opening == 0 ? "" : lines.get(opening - 1);
            blocks.add(new CodeBlock(this, opening + 1, fence.group(3), text.toString(), before));
        }
    }

    /** The path of the file in the repository. */
    Path path() {
        return path;
    }

    /** The fenced code blocks, in order. */
    List<CodeBlock> blocks() {
        return blocks;
    }

    /** The fenced code blocks of a language, in order. */
    List<CodeBlock> blocks(String language) {
        return blocks.stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    /** The lines outside fenced code blocks. */
    List<ProseLine> prose() {
        return prose;
    }

    /** The anchors that links can name after {@code #}: those of the headings, as GitHub derives them. */
    Set<String> anchors() {
        Set<String> anchors = new TreeSet<>();
        for (ProseLine line : prose) {
            Matcher heading = HEADING.matcher(line.text());
            if (heading.matches()) {
                String anchor = anchor(heading.group(1));
                String unique = anchor;
                for (int i = 1; !anchors.add(unique); i++) {
                    unique = anchor + "-" + i;
                }
            }
        }
        return anchors;
    }

    private static String anchor(String heading) {
        String shown = heading.replaceAll("!?\\[([^\\]]*)]\\([^)]*\\)", "$1");
        return shown.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
    }

    /** The links and images of the prose. */
    List<Link> links() {
        List<Link> links = new ArrayList<>();
        for (ProseLine line : prose) {
            String text = CODE.matcher(line.text()).replaceAll("code");
            Matcher link = LINK.matcher(text);
            while (link.find()) {
                links.add(new Link(line.number(), link.group(1)));
            }
            Matcher definition = DEFINITION.matcher(text);
            if (definition.matches()) {
                links.add(new Link(line.number(), definition.group(1)));
            }
        }
        return links;
    }

    /** The inline code of the prose, with the number of its line. */
    List<ProseLine> inlineCode() {
        List<ProseLine> found = new ArrayList<>();
        for (ProseLine line : prose) {
            Matcher code = CODE.matcher(line.text());
            while (code.find()) {
                found.add(new ProseLine(line.number(), code.group(1)));
            }
        }
        return found;
    }

    /** The number of words of the prose, without link targets, HTML comments and the marks of tables. */
    int words() {
        String text = String.join("\n", prose.stream().map(ProseLine::text).toList())
                .replaceAll("(?s)<!--.*?-->", " ")
                .replaceAll("]\\([^)]*\\)", "]")
                .replaceAll("[|#*`\\[\\]!-]+", " ");
        return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
